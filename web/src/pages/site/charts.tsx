import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, get } from "../../api/client";
import type { Channel, Latest, Layer, SiteDetail } from "../../api/types";
import { type Block, shifted } from "../../chart/blocks";
import { Chart, type Limit, type Line } from "../../chart/chart";
import { DAY, HOUR, type Range, YEAR, followed, lastOf, moved, yearsBefore, zoomed } from "../../chart/range";
import { Source, flagged } from "../../chart/source";
import { named, t, type TextKey } from "../../i18n";
import { ago, number, when } from "../../i18n/format";
import { useLoad } from "../../ui/load";
import { Problem } from "../../ui/parts";
import type { TabProps } from "../site";

const SPANS: [TextKey, number][] = [
  ["chart.1h", HOUR], ["chart.1d", DAY], ["chart.7d", 7 * DAY], ["chart.30d", 30 * DAY], ["chart.1y", YEAR], ["chart.10y", 10 * YEAR],
];
const LIVE_S = 20;
const SHOWN_AT_FIRST = 6;
const YEARS = 3;
const nowS = (): number => Date.now() / 1000;

const channelsOf = (site: SiteDetail): Channel[] => site.stations.flatMap((s) => s.channels);
const labelOf = (c: Channel): string => named({ ...c, name: c.name || c.key });

function limitsOf(c: Channel): Limit[] {
  return [c.low, c.high].filter((v): v is number => v !== null).map((value) => ({ label: t("chart.limit"), value }));
}

/** Last values as tiles; a value beyond its limit says so in words, too. */
function Now({ channels, latest }: { channels: Channel[]; latest: Latest[] }) {
  const by = new Map(latest.map((l) => [l.channel, l]));
  return (
    <ul class="tiles">
      {channels.filter((c) => by.has(c.id)).map((c) => {
        const l = by.get(c.id)!;
        const beyond = l.value !== null && ((c.high !== null && l.value > c.high) || (c.low !== null && l.value < c.low));
        return (
          <li key={c.id} class={beyond ? "beyond" : ""}>
            <span class="small muted">{labelOf(c)}</span>
            <strong>{l.kind === "below_loq" ? "<" : ""}{number(l.value)} <span class="small">{c.symbol}</span></strong>
            <span class="small muted">{beyond ? `${t("chart.beyond")} · ` : ""}{ago(l.time_us)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function RangeBar({ range, set, compare, setCompare }: {
  range: Range; set: (r: Range) => void; compare: boolean; setCompare: (on: boolean) => void;
}) {
  const span = range.to - range.from;
  const middle = (range.from + range.to) / 2;
  return (
    <div class="row card" role="toolbar" aria-label={t("chart.range")}>
      {SPANS.map(([key, s]) => (
        <button key={key} type="button" aria-pressed={Math.abs(span - s) < 1} onClick={() => set(lastOf(s, nowS()))}>{t(key)}</button>
      ))}
      <span class="row">
        <button type="button" onClick={() => set(moved(range, -0.5, nowS()))} aria-label={t("chart.earlier")}>←</button>
        <button type="button" onClick={() => set(moved(range, 0.5, nowS()))} aria-label={t("chart.later")}>→</button>
        <button type="button" onClick={() => set(zoomed(range, 0.5, middle, nowS()))} aria-label={t("chart.in")}>+</button>
        <button type="button" onClick={() => set(zoomed(range, 2, middle, nowS()))} aria-label={t("chart.out")}>−</button>
      </span>
      <button type="button" aria-pressed={range.live} onClick={() => set(lastOf(span, nowS()))}>{t("chart.live")}</button>
      <button type="button" aria-pressed={compare} onClick={() => setCompare(!compare)}>{t("chart.compare")}</button>
      <span class="muted small">{when(range.from * 1e6)} – {when(range.to * 1e6)}</span>
    </div>
  );
}

/** The same span of earlier years, moved to where the eye compares it. */
function earlier(source: Source, channel: number, r: Range, years: number): { range: Range; block: Block | null } {
  const range = { from: yearsBefore(r.from, years), to: yearsBefore(r.to, years), live: false };
  return { range, block: source.best(channel, range) };
}

function linesOf(c: Channel, source: Source, r: Range, compare: boolean, layers: Layer[]): Line[] {
  const block = source.best(c.id, r);
  const lines: Line[] = block ? [{ label: labelOf(c), block: flagged(block, layers), bars: c.quantity === "rain" }] : [];
  for (let y = 1; compare && y <= YEARS; y++) {
    const old = earlier(source, c.id, r, y);
    if (!old.block) continue;
    lines.push({
      label: String(new Date(old.range.to * 1000).getUTCFullYear()),
      block: shifted(old.block, (at) => at + (r.to - old.range.to)),
    });
  }
  return lines;
}

export function Charts({ site }: TabProps) {
  const all = useMemo(() => channelsOf(site), [site]);
  const [shown, setShown] = useState<number[]>(() => all.slice(0, SHOWN_AT_FIRST).map((c) => c.id));
  const [range, setRange] = useState<Range>(() => lastOf(7 * DAY, nowS()));
  const [compare, setCompare] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [, setVersion] = useState(0);
  const source = useRef(new Source());
  const latest = useLoad(() => get<{ channels: Latest[] }>(`/sites/${site.id}/latest`), [site.id], LIVE_S);
  const layers = useLoad(() => layersOf(shown), [shown.join()]);

  useEffect(() => {
    const years = compare ? [0, 1, 2, 3] : [0];
    const ranges = years.map((y) => (y === 0 ? range : { from: yearsBefore(range.from, y), to: yearsBefore(range.to, y), live: false }));
    const wait = setTimeout(() => {
      Promise.all(ranges.map((r) => source.current.fill(shown, r))).then(
        () => {
          setError(null);
          setVersion((v) => v + 1);
        },
        (e: unknown) => setError(e instanceof ApiError ? e : new ApiError(0, String(e))),
      );
    }, 80); // a drag asks once
    return () => clearTimeout(wait);
  }, [range, compare, shown.join()]);

  useEffect(() => {
    if (!range.live) return;
    const timer = setInterval(() => document.visibilityState === "visible" && setRange((r) => followed(r, nowS())), LIVE_S * 1000);
    return () => clearInterval(timer);
  }, [range.live]);

  if (all.length === 0) return <p class="muted">{t("station.none")}</p>;
  return (
    <>
      {latest.value && <Now channels={all} latest={latest.value.channels} />}
      <RangeBar range={range} set={setRange} compare={compare} setCompare={setCompare} />
      <Problem error={error} />
      <details class="card">
        <summary>{t("chart.channels")} ({shown.length} / {all.length})</summary>
        <div class="row">
          {all.map((c) => (
            <label key={c.id} class="inline">
              <input type="checkbox" checked={shown.includes(c.id)}
                onChange={() => setShown(shown.includes(c.id) ? shown.filter((x) => x !== c.id) : [...shown, c.id])} />
              {labelOf(c)}
            </label>
          ))}
        </div>
      </details>
      <div class="card">
        {all.filter((c) => shown.includes(c.id)).map((c) => (
          <Chart key={c.id} title={labelOf(c)} unit={c.symbol} sync={`site-${site.id}`} range={range} limits={limitsOf(c)}
            lines={linesOf(c, source.current, range, compare, layers.value?.[c.id] ?? [])}
            onRange={setRange} onAll={() => setRange(lastOf(10 * YEAR, nowS()))} />
        ))}
        <p class="muted small">{t("chart.help")}</p>
      </div>
    </>
  );
}

async function layersOf(channels: readonly number[]): Promise<Record<number, Layer[]>> {
  const lists = await Promise.all(channels.map((c) => get<{ layers: Layer[] }>(`/channels/${c}/layers`)));
  return Object.fromEntries(channels.map((c, i) => [c, lists[i]!.layers]));
}
