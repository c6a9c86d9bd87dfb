import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language, t } from "../i18n";
import { number, span, when } from "../i18n/format";
import { type Block, gapsOf, joined, withGaps } from "./blocks";
import { isEmpty } from "./nearest";
import { NoData } from "./nodata";
import { type Range, moved, zoomed } from "./range";

export interface Line {
  label: string;
  block: Block;
  /** Drawn as bars from above, as rain is. */
  bars?: boolean;
}

export interface Limit {
  label: string;
  value: number;
  /** Where an alarm stands, beside the limits of the water itself. */
  isAlarm?: boolean;
}

interface Props {
  id?: string;
  /** Whose values are shown, to find some when the span has none. */
  channel: number;
  title: string;
  unit: string;
  lines: Line[];
  limits: Limit[];
  range: Range;
  /** Charts of one key share the cursor. */
  sync: string;
  onRange(next: Range): void;
  onAll(): void;
}

const HEIGHT = 190;
/** What an A4 sheet with its margins is wide, in the pixels of CSS. */
const PAPER = 680;
const COLORS = ["--line-1", "--line-2", "--line-3", "--line-4", "--line-5", "--line-6"];
const SUSPECT = 3;
const BAD = 4;

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const nowS = (): number => Date.now() / 1000;

/** Low and high of the first line, as a band behind its mean. */
function data(lines: Line[]): uPlot.AlignedData {
  const blocks = lines.map((l) => withGaps(l.block));
  const { t: times, values } = joined(blocks);
  const first = blocks[0];
  if (!first || first.step === 0 || lines[0]?.bars) return [times, ...values] as uPlot.AlignedData;
  const at = new Map(first.t.map((x, i) => [x, i]));
  const edge = (of: (number | null)[]): (number | null | undefined)[] =>
    times.map((x) => (at.has(x) ? of[at.get(x)!] : undefined));
  return [times, ...values, edge(first.low), edge(first.high)] as uPlot.AlignedData;
}

/** Lowest and highest of what is shown and of the limits near it. */
function scale(limits: Limit[], hasBars: boolean): uPlot.Range.Function {
  return (_u, low, high) => {
    if (low == null || high == null) return [0, 1];
    const near = limits.map((l) => l.value).filter((v) => v < high + 1.5 * (high - low || Math.abs(high)));
    const top = Math.max(high, ...near);
    const bottom = Math.min(low, ...near);
    const room = 0.06 * (top - bottom || Math.abs(top) || 1);
    const floor = bottom >= 0 && bottom < 0.4 * top ? 0 : bottom - room;
    return hasBars ? [0, Math.max(1, top + room)] : [floor, top + room];
  };
}

function drawLimits(limits: Limit[]): (u: uPlot) => void {
  return (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.lineWidth = 1.4 * devicePixelRatio;
    ctx.font = `${11 * devicePixelRatio}px sans-serif`;
    ctx.textBaseline = "bottom";
    for (const limit of limits) {
      const y = u.valToPos(limit.value, "y", true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.strokeStyle = ctx.fillStyle = color(limit.isAlarm ? "--suspect" : "--limit");
      ctx.setLineDash((limit.isAlarm ? [2, 3] : [7, 4]).map((x) => x * devicePixelRatio));
      ctx.textAlign = limit.isAlarm ? "left" : "right";
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      const text = `${limit.label} ${number(limit.value)}`;
      const x = limit.isAlarm ? bbox.left + 4 : bbox.left + bbox.width - 4;
      ctx.setLineDash([]);
      ctx.lineWidth = 3 * devicePixelRatio; // on a ground of its own: readable where the line passes
      ctx.strokeStyle = color("--card");
      ctx.strokeText(text, x, y - 2 * devicePixelRatio);
      ctx.fillText(text, x, y - 2 * devicePixelRatio);
      ctx.lineWidth = 1.4 * devicePixelRatio;
    }
    ctx.restore();
  };
}

/** Where the first line has nothing, so that nobody takes a missing piece for a quiet one. */
function drawGaps(lines: Line[]): (u: uPlot) => void {
  const gaps = lines[0] ? gapsOf(lines[0].block) : [];
  return (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.fillStyle = color("--gap");
    for (const [from, to] of gaps) {
      const left = Math.max(u.valToPos(from, "x", true), bbox.left);
      const right = Math.min(u.valToPos(to, "x", true), bbox.left + bbox.width);
      if (right - left >= 1) ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.restore();
  };
}

/** A triangle for what is doubted, a cross for what is refused: not by the colour alone. */
function mark(ctx: CanvasRenderingContext2D, flag: number, x: number, y: number): void {
  const r = 4 * devicePixelRatio;
  ctx.strokeStyle = ctx.fillStyle = color(flag === BAD ? "--bad" : "--suspect");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  if (flag === BAD) {
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r);
    ctx.lineTo(x - r, y + r);
    ctx.stroke();
  } else {
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.lineTo(x - r, y + r);
    ctx.fill();
  }
}

/** What quality control doubts or refuses is marked on the line. */
function drawFlags(lines: Line[]): (u: uPlot) => void {
  return (u) => {
    const { ctx } = u;
    ctx.save();
    for (const { block } of lines) {
      block.t.forEach((at, i) => {
        const flag = block.flag[i];
        const y = block.mean[i];
        if ((flag !== SUSPECT && flag !== BAD) || y == null) return;
        const x = u.valToPos(at, "x", true);
        if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
        mark(ctx, flag, x, u.valToPos(y, "y", true));
      });
    }
    ctx.restore();
  };
}

function series(lines: Line[]): uPlot.Series[] {
  const made: uPlot.Series[] = lines.map((line, i) => ({
    label: line.label,
    stroke: () => color(COLORS[i % COLORS.length]!),
    width: 1.6,
    spanGaps: false,
    points: { show: line.block.t.length < 60, size: 4 },
    value: (_u, v) => number(v),
    ...(line.bars
      ? { paths: uPlot.paths.bars!({ size: [0.9, 40] }), fill: () => color("--rain"), points: { show: false } }
      : {}),
  }));
  if (lines[0] && lines[0].block.step > 0 && !lines[0].bars) {
    const edge = (label: string): uPlot.Series => ({
      label, stroke: "transparent", width: 0, points: { show: false }, value: (_u, v) => number(v),
    });
    made.push(edge(t("chart.min")), edge(t("chart.max")));
  }
  return made;
}

/** Without a pointer (a phone, a printout) the legend tells the last values of the span that is seen; nothing where there are none. */
function showLast(u: uPlot): void {
  if (u.cursor.idx != null || !u.data[0]?.length) return;
  const { min = -Infinity, max = Infinity } = u.scales.x ?? {};
  const [times, values = []] = u.data;
  let last = times.length - 1;
  while (last >= 0 && (values[last] == null || times[last]! > max)) last--;
  const seen = last >= 0 && times[last]! >= min ? last : null;
  u.setLegend({ idxs: u.data.map(() => seen) }, false);
}

function options(p: Props & { current(): Props }, width: number, chosen: (r: Range) => void): uPlot.Options {
  const grid = { stroke: () => color("--grid"), width: 1 };
  const axis = { stroke: () => color("--muted"), grid, ticks: grid, font: "11px sans-serif" };
  const hasBars = p.lines.some((l) => l.bars);
  const n = p.lines.length;
  const hasBand = (p.lines[0]?.block.step ?? 0) > 0 && !p.lines[0]?.bars;
  return {
    width,
    height: HEIGHT,
    tzDate: (s) => uPlot.tzDate(new Date(s * 1000), "Asia/Tokyo"),
    cursor: { sync: { key: p.sync }, drag: { x: true, y: false, setScale: false } },
    legend: { live: true },
    scales: { x: { time: true, range: () => [p.current().range.from, p.current().range.to] }, y: { range: scale(p.limits, hasBars) } },
    axes: [
      { ...axis, values: dates },
      { ...axis, size: 58, values: (_u, ticks) => ticks.map((v) => number(v)) },
    ],
    bands: hasBand ? [{ series: [n + 2, n + 1], fill: () => color("--band") }] : [],
    series: [{ label: t("chart.time"), value: (_u, s) => (s == null ? "–" : when(s * 1e6, "second")) }, ...series(p.lines)],
    hooks: {
      drawClear: [(u) => drawGaps(p.current().lines)(u)],
      draw: [drawLimits(p.limits), (u) => drawFlags(p.current().lines)(u), showLast],
      setSelect: [
        (u) => {
          if (u.select.width < 4) return;
          chosen({
            from: u.posToVal(u.select.left, "x"), to: u.posToVal(u.select.left + u.select.width, "x"), live: false,
          });
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** Ticks by their distance: years, months and days, hours and minutes, seconds; the day again where it changes. */
function dates(_u: uPlot, ticks: number[]): string[] {
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 0;
  let shown = "";
  return ticks.map((s) => {
    // uPlot walks in hours of the reader's computer: where its clock changes in between, a day begins an hour early
    const full = when((step >= 86400 ? s + 7200 : s) * 1e6, "second");
    const day = full.slice(0, 10);
    if (step >= 300 * 86400) return day.slice(0, 4);
    if (step >= 25 * 86400) return day.slice(0, 7);
    if (step >= 86400) return day.slice(5);
    const clock = step >= 60 ? full.slice(11, 16) : full.slice(11);
    const text = day === shown ? clock : `${clock}\n${day.slice(5)}`;
    shown = day;
    return text;
  });
}

function summary(p: Props): string {
  const b = p.lines[0]?.block;
  const inRange = b ? b.t.filter((x) => x >= p.range.from && x <= p.range.to).length : 0;
  if (!b) return t("any.loading");
  if (inRange === 0) return t("chart.none");
  return b.step > 0 ? t("chart.points", { n: inRange, step: span(b.step) }) : t("chart.raw", { n: inRange });
}

const KEYS: Record<string, (r: Range, now: number) => Range> = {
  ArrowLeft: (r, now) => moved(r, -0.25, now),
  ArrowRight: (r, now) => moved(r, 0.25, now),
  "+": (r, now) => zoomed(r, 0.5, (r.from + r.to) / 2, now),
  ";": (r, now) => zoomed(r, 0.5, (r.from + r.to) / 2, now), // + without shift on a Japanese keyboard
  "-": (r, now) => zoomed(r, 2, (r.from + r.to) / 2, now),
};

export function Chart(p: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(p);
  latest.current = p;
  const [asTable, setAsTable] = useState(false);
  const shape = `${language.value} ${p.lines.map((l) => `${l.label}:${l.block.step > 0}:${l.bars ?? false}`).join()} ${p.limits.map((l) => `${l.label}${l.value}`).join()}`;
  const values = useMemo(() => data(p.lines), [p.lines]);
  const empty = isEmpty(p.lines, p.range, nowS());

  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const made = new uPlot(options({ ...p, current: () => latest.current }, box.clientWidth, (r) => latest.current.onRange(r)), values, box);
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: HEIGHT }));
    resize.observe(box);
    const onPaper = (): void => made.setSize({ width: PAPER, height: HEIGHT });
    const onScreen = (): void => made.setSize({ width: box.clientWidth, height: HEIGHT });
    window.addEventListener("beforeprint", onPaper);
    window.addEventListener("afterprint", onScreen);
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls without it
      event.preventDefault();
      const about = made.posToVal(event.clientX - made.over.getBoundingClientRect().left, "x");
      latest.current.onRange(zoomed(latest.current.range, event.deltaY > 0 ? 1.3 : 1 / 1.3, about, nowS()));
    };
    made.over.addEventListener("wheel", wheel, { passive: false });
    made.over.addEventListener("dblclick", () => latest.current.onAll());
    return () => {
      resize.disconnect();
      window.removeEventListener("beforeprint", onPaper);
      window.removeEventListener("afterprint", onScreen);
      made.destroy();
      plot.current = null;
    };
  }, [shape, asTable]);

  useEffect(() => {
    plot.current?.setData(values, false);
    plot.current?.setScale("x", { min: p.range.from, max: p.range.to });
  }, [values, p.range.from, p.range.to]);

  return (
    <figure class="chart" id={p.id}>
      <figcaption>
        <strong>{p.title}</strong> <span class="muted">{p.unit}</span>
        {!empty && <span class="muted small">{summary(p)}</span>}
        <button type="button" class="link small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t("chart.table")}
        </button>
      </figcaption>
      {asTable ? (
        <ChartTable lines={p.lines} range={p.range} />
      ) : (
        <div class="plotbox">
          <div
            ref={place}
            class="plot"
            role="img"
            tabIndex={0}
            aria-label={`${p.title} (${p.unit}). ${summary(p)} ${t("chart.help")}`}
            onKeyDown={(event) => {
              const act = KEYS[event.key];
              if (!act) return;
              event.preventDefault();
              p.onRange(act(p.range, nowS()));
            }}
          />
          {empty && <NoData channel={p.channel} range={p.range} onRange={p.onRange} />}
        </div>
      )}
    </figure>
  );
}

const ROWS = 200;

function ChartTable({ lines, range }: { lines: Line[]; range: Range }) {
  const block = lines[0]?.block;
  const rows = block
    ? block.t.map((at, i) => ({ at, i })).filter(({ at }) => at >= range.from && at <= range.to).slice(-ROWS)
    : [];
  if (!block || rows.length === 0) return <p class="muted">{t("chart.none")}</p>;
  const rolled = block.step > 0;
  return (
    <div class="scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            <th scope="col" class="n">{t(rolled ? "chart.mean" : "chart.value")}</th>
            {rolled && <th scope="col" class="n">{t("chart.min")}</th>}
            {rolled && <th scope="col" class="n">{t("chart.max")}</th>}
            <th scope="col">{t("chart.flags")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map(({ at, i }) => (
            <tr key={at}>
              <td>{when(at * 1e6, "second")}</td>
              <td class="n">{number(block.mean[i])}</td>
              {rolled && <td class="n">{number(block.low[i])}</td>}
              {rolled && <td class="n">{number(block.high[i])}</td>}
              <td>{flagText(block.flag[i])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function flagText(flag: number | undefined): string {
  return flag === 1 || flag === 3 || flag === 4 || flag === 9 ? t(`flag.${flag}`) : t("flag.2");
}
