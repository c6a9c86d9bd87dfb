import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, get, query } from "../../api/client";
import type { Channel, Latest, Layer, Series, SiteDetail } from "../../api/types";
import { type Block, shifted, summed } from "../../chart/blocks";
import { Chart, type Limit, type Line } from "../../chart/chart";
import { DAY, HOUR, type Range, YEAR, followed, lastOf, yearsBefore } from "../../chart/range";
import { RangeButtons, type Span } from "../../chart/range_buttons";
import { Source, blockOf, flagged } from "../../chart/source";
import { Spark } from "../../chart/spark";
import { named, t } from "../../i18n";
import { ago, fixed, span, when } from "../../i18n/format";
import { desk } from "../../desk";
import { isLive, listen } from "../../live";
import { isBeyond } from "../../state";
import { useLoad } from "../../ui/load";
import { Problem } from "../../ui/parts";
import type { TabProps } from "../site";
import { ChannelBoxes, channelsOf, isRain, labelOf, titleOf } from "./channel";

const SPANS: Span[] = [
  ["chart.1h", HOUR], ["chart.1d", DAY], ["chart.7d", 7 * DAY], ["chart.30d", 30 * DAY], ["chart.1y", YEAR], ["chart.10y", 10 * YEAR],
];
const LIVE_S = 20;
const SHOWN_AT_FIRST = 6;
const YEARS = 3;
/** A new value moves a chart by less than a dot before that: it is not drawn sooner. */
const DOTS = 1600;
const SOONEST_S = 2;
const nowS = (): number => Date.now() / 1000;

/** Limits of the water, and the thresholds at which alarms stand that are in use. */
function limitsOf(c: Channel): Limit[] {
  const own = [c.low, c.high].filter((v): v is number => v !== null).map((value) => ({ label: t("chart.limit"), value }));
  const alarms = (desk.value?.alarms ?? []).filter((a) => a.channel === c.id && a.active && (a.kind === "high" || a.kind === "low" || a.kind === "battery") &&
    a.rule.threshold !== undefined && a.rule.threshold !== c.low && a.rule.threshold !== c.high);
  return [...own, ...alarms.map((a) => ({ label: t("chart.alarm"), value: a.rule.threshold!, isAlarm: true }))];
}

const DAY_POINTS = 72;
const DAY_EVERY_S = 300;
const AT_MOST = 50; // channels of one request

/** The last day of every channel, as coarse as a tile is small. */
async function lastDay(channels: readonly number[]): Promise<Map<number, Block>> {
  const to = nowS();
  if (channels.length === 0) return new Map();
  const q = query({ channels: channels.slice(0, AT_MOST).join(","), from: Math.round((to - DAY) * 1e6), to: Math.round(to * 1e6), points: DAY_POINTS });
  const { series } = await get<{ series: Series[] }>(`/observations${q}`);
  return new Map(series.map((s) => [s.channel, blockOf(s, to - DAY, to)]));
}

interface TilesProps { latest: Latest[]; days: Map<number, Block> | null; open: (channel: number) => void }

/** Last values as tiles, by station; a value beyond its limit says so in words, too. */
function Now({ site, ...more }: { site: SiteDetail } & TilesProps) {
  const measuring = site.stations.filter((s) => s.channels.length > 0);
  return (
    <>
      {measuring.map((s) => (
        <section key={s.id} aria-label={named(s)}>
          {measuring.length > 1 && <h2 class="tileshead">{named(s)}</h2>}
          <Tiles channels={s.channels} {...more} />
        </section>
      ))}
    </>
  );
}

function Tiles({ channels, latest, days, open }: { channels: Channel[] } & TilesProps) {
  const by = new Map(latest.map((l) => [l.channel, l]));
  return (
    <ul class="tiles">
      {channels.filter((c) => by.has(c.id)).map((c) => {
        const l = by.get(c.id)!;
        const beyond = isBeyond({ ...c, value: l.value });
        const day = days?.get(c.id);
        return (
          <li key={c.id} class={beyond ? "beyond" : ""}>
            <button type="button" class="tile" title={t("chart.show")} onClick={() => open(c.id)}>
              <span class="small muted">{labelOf(c)}</span>
              <strong>{l.kind === "below_loq" ? "<" : ""}{fixed(l.value, c.decimals)} <span class="small">{c.symbol}</span></strong>
              {day ? <Spark block={day} bars={isRain(c)} /> : <span class="spark" />}
              <span class="small muted">{beyond ? <span class="beyondword">{t("chart.beyond")} · </span> : null}{ago(l.time_us)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function RangeBar({ range, set, compare, setCompare, children }: {
  range: Range; set: (r: Range) => void; compare: boolean; setCompare: (on: boolean) => void; children: ComponentChildren;
}) {
  const span = range.to - range.from;
  return (
    <section class="card bar">
      <div class="row" role="toolbar" aria-label={t("chart.range")}>
      <RangeButtons range={range} set={set} spans={SPANS} />
      <button type="button" aria-pressed={range.live} onClick={() => set(lastOf(span, nowS()))}>{t("chart.live")}</button>
      <button type="button" aria-pressed={compare} onClick={() => setCompare(!compare)}>{t("chart.compare")}</button>
      <button type="button" onClick={() => window.print()}>{t("any.print")}</button>
      <span class="muted small">{when(range.from * 1e6)} – {when(range.to * 1e6)} ({t("chart.zone")})</span>
      </div>
      {children}
    </section>
  );
}

/** The same span of earlier years, moved to where the eye compares it. */
function earlier(source: Source, channel: number, r: Range, years: number): { range: Range; block: Block | null } {
  const range = { from: yearsBefore(r.from, years), to: yearsBefore(r.to, years), live: false };
  return { range, block: source.best(channel, range) };
}

const yearOf = (r: Range): string => when(r.to * 1e6, "day").slice(0, 4);

function linesOf(c: Channel, source: Source, r: Range, compare: boolean, layers: Layer[]): Line[] {
  const block = source.best(c.id, r);
  const shape = isRain(c) ? summed : (b: Block): Block => b;
  const lines: Line[] = block ? [{ label: compare ? `${labelOf(c)} ${yearOf(r)}` : labelOf(c), block: shape(flagged(block, layers)), bars: isRain(c) }] : [];
  for (let y = 1; compare && block && y <= YEARS; y++) {
    const old = earlier(source, c.id, r, y);
    if (!old.block?.t.some((at) => at >= old.range.from && at <= old.range.to)) continue; // nothing was measured then
    lines.push({ label: yearOf(old.range), block: shape(shifted(old.block, (at) => at + (r.to - old.range.to))) });
  }
  return lines;
}

/** Rain is told for the time of a bar. */
function unitOf(c: Channel, block: Block | null): string {
  return isRain(c) && block && block.step > 0 ? `${c.symbol} / ${span(block.step)}` : c.symbol;
}

/** What the signs in the charts mean. */
function Legend() {
  return (
    <ul class="signs small" aria-label={t("chart.signs")}>
      <li><span class="sign limit" aria-hidden="true" /> {t("chart.limit")}</li>
      <li><span class="sign alarmline" aria-hidden="true" /> {t("chart.alarm")}</li>
      <li><span class="sign suspect" aria-hidden="true">▲</span> {t("flag.3")}</li>
      <li><span class="sign bad" aria-hidden="true">✕</span> {t("flag.4")}</li>
      <li><span class="sign band" aria-hidden="true" /> {t("chart.band")}</li>
      <li><span class="sign gap" aria-hidden="true" /> {t("chart.gap")}</li>
    </ul>
  );
}

export function Charts({ site }: TabProps) {
  const all = useMemo(() => channelsOf(site), [site]);
  const [shown, setShown] = useState<number[]>(() => all.slice(0, SHOWN_AT_FIRST).map((c) => c.id));
  const [range, setRange] = useState<Range>(() => lastOf(7 * DAY, nowS()));
  const [compare, setCompare] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [, setVersion] = useState(0);
  const source = useRef(new Source());
  const latest = useLoad(() => get<{ channels: Latest[] }>(`/sites/${site.id}/latest`), [site.id], { everyS: LIVE_S, topics: ["points"], site: site.id });
  const days = useLoad(() => lastDay(all.map((c) => c.id)), [all.map((c) => c.id).join()], { everyS: DAY_EVERY_S });
  const [sought, setSought] = useState(0);
  const layers = useLoad(() => layersOf(shown), [shown.join()], { topics: ["records"], site: site.id });

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
    const everyS = Math.max(SOONEST_S, (range.to - range.from) / DOTS);
    const follow = (): void => void (document.visibilityState === "visible" && setRange((r) => followed(r, nowS())));
    const timer = setInterval(() => !isLive.value && follow(), Math.max(everyS, LIVE_S) * 1000);
    const stop = listen({ topics: ["points"], site: site.id, hear: follow }, everyS * 1000);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [range.live, Math.round(range.to - range.from), site.id]);

  useEffect(() => {
    if (sought) document.getElementById(`chart-${sought}`)?.scrollIntoView({ block: "center" });
  }, [sought, shown.join()]);
  const open = (channel: number): void => {
    if (!shown.includes(channel)) setShown([...shown, channel]);
    setSought(0);
    setTimeout(() => setSought(channel), 0); // also when it was the last one sought
  };

  if (all.length === 0) return <p class="muted">{t("chart.noChannels")}</p>;
  return (
    <>
      {latest.value && <Now site={site} latest={latest.value.channels} days={days.value} open={open} />}
      <RangeBar range={range} set={setRange} compare={compare} setCompare={setCompare}>
        <details>
          <summary>{t("chart.channels")} ({shown.length} / {all.length})</summary>
          <ChannelBoxes site={site} chosen={shown} set={setShown} />
        </details>
      </RangeBar>
      <Problem error={error} />
      <div class="card">
        {all.filter((c) => shown.includes(c.id)).map((c) => (
          <Chart key={c.id} id={`chart-${c.id}`} channel={c.id} title={titleOf(site, c)} unit={unitOf(c, source.current.best(c.id, range))} sync={`site-${site.id}`} range={range} limits={limitsOf(c)}
            lines={linesOf(c, source.current, range, compare, layers.value?.[c.id] ?? [])}
            onRange={setRange} onAll={() => setRange(lastOf(10 * YEAR, nowS()))} />
        ))}
        <Legend />
        <p class="muted small">{t("chart.help")}</p>
      </div>
    </>
  );
}

async function layersOf(channels: readonly number[]): Promise<Record<number, Layer[]>> {
  const lists = await Promise.all(channels.map((c) => get<{ layers: Layer[] }>(`/channels/${c}/layers`)));
  return Object.fromEntries(channels.map((c, i) => [c, lists[i]!.layers]));
}
