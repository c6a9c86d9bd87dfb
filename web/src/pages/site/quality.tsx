import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, get, post, put } from "../../api/client";
import type { Catalogue, Channel, Layer, Pairs, QcSetting, QcTest, SiteDetail, TestSetting, WaterCheck } from "../../api/types";
import { Chart, type Line } from "../../chart/chart";
import { DAY, HOUR, type Range, YEAR, lastOf } from "../../chart/range";
import { RangeButtons, type Span } from "../../chart/range_buttons";
import { Source, flagged } from "../../chart/source";
import { language, named, t } from "../../i18n";
import { number, span, when } from "../../i18n/format";
import { may } from "../../session";
import { japanUs, numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Dialog, Field, Problem, Show, Table } from "../../ui/parts";
import { type Tab, Tabs } from "../../ui/tabs";
import type { TabProps } from "../site";
import { ChannelOptions, titleOf } from "./channel";
import { SpanRows, spansOf, spanText } from "./spans";

const nowS = (): number => Date.now() / 1000;
const FIXES = ["offset", "scale", "drift", "percent", "two-point", "delete", "fill"] as const;
type Fix = (typeof FIXES)[number];
const FIX_PARAMS = { a: "fixparam.a", b: "fixparam.b", low: "fixparam.low", high: "fixparam.high", max_gap_s: "fixparam.max_gap_s" } as const;
type FixParam = keyof typeof FIX_PARAMS;
const NEEDS: Record<Fix, FixParam[]> = {
  offset: ["a"], scale: ["a"], drift: ["a", "b"], percent: ["a", "b"], "two-point": ["low", "a", "high", "b"], delete: [], fill: ["max_gap_s"],
};
const SPANS: Span[] = [["chart.1d", DAY], ["chart.7d", 7 * DAY], ["chart.30d", 30 * DAY], ["chart.1y", YEAR]];
const WAITING_MS = 2000;
/** Layers in the list at first; a hundred more at a time. */
const LAYERS_SHOWN = 20;

/** What a form shows of a moment, in Japan. */
const local = (s: number): string => new Date(s * 1000 + 9 * 3600_000).toISOString().slice(0, 16);
const testTitle = (tests: QcTest[], key: string): string => {
  if (key === "by-hand") return t("code.by-hand");
  const x = tests.find((q) => q.key === key);
  return x ? (language.value === "ja" ? x.title_ja : x.title) : key;
};
/** Parameters of a correction, in words where it has any. */
const fixText = (p?: Record<string, number>): string =>
  Object.entries(p ?? {}).map(([k, v]) => `${k in FIX_PARAMS ? t(FIX_PARAMS[k as FixParam]) : k}: ${number(v)}`).join(t("any.comma"));

/** Parameters of a test as its form calls them. */
function paramsText(tests: QcTest[], x: TestSetting): string {
  const test = tests.find((q) => q.key === x.test);
  const one = ([key, v]: [string, number]): string => {
    const p = test?.params.find((q) => q.key === key);
    const label = p ? (language.value === "ja" ? p.help_ja : p.help) : key;
    return `${label}: ${p?.unit === "s" ? span(v) : number(v)}`;
  };
  return [...Object.entries(x.params ?? {}).map(one), ...(x.spans ?? []).map(spanText)].join(t("any.comma"));
}

// ---- chart ----

/** Raw values with their flags, and those after the corrections, in one chart. */
function Compared({ site, channel, layers, asOf, range, setRange }: {
  site: SiteDetail; channel: Channel; layers: Layer[]; asOf?: number; range: Range; setRange: (r: Range) => void;
}) {
  const key = layers.filter((l) => l.kind === "correction").map((l) => l.id).join();
  const sources = useMemo(() => ({ raw: new Source(), fixed: new Source(true, asOf) }), [channel.id, key, asOf]);
  const [, setVersion] = useState(0);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    const wait = setTimeout(() => {
      Promise.all([sources.raw.fill([channel.id], range), sources.fixed.fill([channel.id], range)]).then(
        () => { setError(null); setVersion((v) => v + 1); },
        (e: unknown) => setError(e instanceof ApiError ? e : new ApiError(0, String(e))),
      );
    }, 80);
    return () => clearTimeout(wait);
  }, [sources, range]);
  const raw = sources.raw.best(channel.id, range);
  const fixed = sources.fixed.best(channel.id, range);
  const lines: Line[] = [];
  if (raw) lines.push({ label: t("quality.raw"), block: flagged(raw, layers) });
  if (fixed && key) lines.push({ label: t("quality.corrected"), block: fixed });
  const limits = [channel.low, channel.high].filter((v): v is number => v !== null).map((value) => ({ label: t("chart.limit"), value }));
  return (
    <>
      <Problem error={error} />
      <Chart channel={channel.id} title={titleOf(site, channel)} unit={channel.symbol} sync={`quality-${site.id}`} range={range} limits={limits} lines={lines}
        onRange={setRange} onAll={() => setRange(lastOf(10 * YEAR, nowS()))} />
    </>
  );
}

function RangeBar({ range, set }: { range: Range; set: (r: Range) => void }) {
  return (
    <div class="row title" role="toolbar" aria-label={t("chart.range")}>
      <RangeButtons range={range} set={set} spans={SPANS} />
      <span class="muted small">{when(range.from * 1e6)} – {when(range.to * 1e6)}</span>
    </div>
  );
}

// ---- layers ----

function Undo({ of, onDone }: { of: Layer; onDone: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    await post(`/layers/${of.id}/undo`, { reason: String(v.get("reason")).trim() });
    onDone();
  };
  return (
    <Dialog title={t("quality.undo")} onClose={onDone}>
      <SaveForm title={`${t("quality.undo")}: ${of.code} ${when(of.start_us)}`} onSave={save} verb={t("quality.undo")}>
        <p class="muted">{t("quality.undoHelp")}</p>
        <Field label={t("alarm.why")}><input name="reason" required maxLength={1000} /></Field>
      </SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}

function Layers({ site, layers, tests, changed, show }: { site: SiteDetail; layers: Layer[]; tests: QcTest[]; changed: () => void; show: (l: Layer) => void }) {
  const [undoing, setUndoing] = useState<Layer | null>(null);
  const [shown, setShown] = useState(LAYERS_SHOWN);
  const kindText = (l: Layer): string => (l.kind === "flag" ? testTitle(tests, l.code) : l.kind === "correction" ? t(`fix.${l.code}` as "fix.offset")
    : (JUDGEMENTS[l.kind] as readonly string[]).includes(l.code) ? codeText(l.kind, l.code) : l.code);
  return (
    <>
      <Table stack label={t("quality.layers")} rows={[...layers].reverse().slice(0, shown)} none={t("quality.noLayers")} columns={[
        { head: t("log.kind"), cell: (l) => t(`layer.${l.kind}`) },
        { head: t("quality.what"), cell: (l) => <span>{kindText(l)} <span class="small muted">{fixText(l.params)}</span></span> },
        { head: t("quality.level"), cell: (l) => (l.kind === "flag" ? t(`flag.${l.level === 4 ? 4 : l.level === 3 ? 3 : l.level === 9 ? 9 : l.level === 1 ? 1 : 2}`) : "") },
        { head: t("export.from"), cell: (l) => <button type="button" class="link" onClick={() => show(l)}>{when(l.start_us)}</button> },
        { head: t("export.to"), cell: (l) => when(l.end_us) },
        { head: t("log.author"), cell: (l) => l.author },
        { head: t("alarm.why"), cell: (l) => (l.author === "qc" ? "" : l.reason) },
        { head: t("any.do"), cell: (l) => (l.undone_us !== null ? <span class="small">{t("quality.undone", { when: when(l.undone_us), who: l.undone_by ?? "", why: l.undone_reason ?? "" })}</span>
          : may("engineer", site.id) && <button type="button" onClick={() => setUndoing(l)}>{t("quality.undo")}</button>) },
      ]} />
      {layers.length > shown && (
        <p class="row">
          <span class="muted small">{shown} / {layers.length}</span>
          <button type="button" onClick={() => setShown(shown + 5 * LAYERS_SHOWN)}>{t("any.more")}</button>
        </p>
      )}
      {undoing && <Undo of={undoing} onDone={() => { setUndoing(null); changed(); }} />}
    </>
  );
}

// ---- settings ----

/** Sets a test, or changes the numbers of one that is set. */
function NewTest({ tests, site, set, add }: { tests: QcTest[]; site: SiteDetail; set: TestSetting[]; add: (x: TestSetting) => Promise<void> }) {
  const [key, setKey] = useState("gross-range");
  const test = tests.find((x) => x.key === key) ?? tests[0]!;
  const now = set.find((x) => x.test === test.key);
  const save = async (v: FormData): Promise<void> => {
    const params: Record<string, number> = {};
    for (const p of test.params) {
      const x = numberOf(v, p.key);
      if (x !== null) params[p.key] = x;
    }
    const other = Number(v.get("other") ?? 0);
    await add({ test: test.key, params, ...(other ? { other } : {}), ...(test.needs_spans ? { spans: spansOf(v) } : {}) });
  };
  const unitOf = (unit: string): string => (unit === "value" ? t("quality.unitValue") : unit);
  return (
    <SaveForm title={t("quality.addTest")} onSave={save}>
      <Field label={t("quality.test")}>
        <select value={test.key} onChange={(e) => setKey(e.currentTarget.value)}>{tests.map((x) => <option key={x.key} value={x.key}>{testTitle(tests, x.key)}</option>)}</select>
      </Field>
      {now && <p class="muted">{t("quality.replaces")}</p>}
      <div class="fields" key={test.key}>
        {test.params.map((p) => (
          <Field key={`${test.key} ${p.key}`} label={`${language.value === "ja" ? p.help_ja : p.help}${p.unit ? ` (${unitOf(p.unit)})` : ""}`}>
            <input name={p.key} inputMode="decimal" required={p.needed} placeholder={p.default === null ? "" : String(p.default)} defaultValue={now?.params?.[p.key] ?? ""} />
          </Field>
        ))}
        {test.other && (
          <Field label={`${language.value === "ja" ? test.other_ja : test.other}${test.needs_spans ? t("quality.optional") : ""}`}>
            <select name="other" defaultValue={String(now?.other ?? "")}>{test.needs_spans && <option value="">–</option>}<ChannelOptions site={site} /></select>
          </Field>
        )}
      </div>
      {test.needs_spans && <SpanRows key={test.key} now={now?.spans ?? []} />}
    </SaveForm>
  );
}

function Settings({ site, channel, tests, changed }: { site: SiteDetail; channel: Channel; tests: QcTest[]; changed: () => void }) {
  const loaded = useLoad(() => get<QcSetting>(`/channels/${channel.id}/qc`), [channel.id]);
  const isDue = loaded.value?.due ?? false;
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !isDue) changed(); // flags of the new settings are there
    was.current = isDue;
    if (!isDue) return;
    const timer = setInterval(loaded.reload, WAITING_MS);
    return () => clearInterval(timer);
  }, [isDue]);
  const write = async (list: TestSetting[]): Promise<void> => {
    await put(`/channels/${channel.id}/qc`, { tests: list });
    loaded.reload();
  };
  const again = async (list: TestSetting[], back: number): Promise<void> => {
    await put(`/channels/${channel.id}/qc`, { tests: list, from_us: Math.round((nowS() - back) * 1e6) });
    loaded.reload();
  };
  const isEngineer = may("engineer", site.id);
  return (
    <Show of={loaded}>
      {(v) => (
        <>
          <section class="card">
            <h2>{t("quality.tests")}</h2>
            {v.due && <p class="notice" role="status">{t("quality.running")}</p>}
            <Table stack label={t("quality.tests")} rows={v.tests} none={t("quality.noTests")} columns={[
              { head: t("quality.test"), cell: (x) => testTitle(tests, x.test) },
              { head: t("alarm.threshold"), cell: (x) => paramsText(tests, x) },
              { head: t("any.do"), cell: (x) => isEngineer && <button type="button" onClick={() => void write(v.tests.filter((y) => y !== x))}>{t("quality.remove")}</button> },
            ]} />
            {isEngineer && v.tests.length > 0 && <button type="button" onClick={() => void again(v.tests, YEAR)}>{t("quality.again")}</button>}
          </section>
          {isEngineer && <NewTest key={channel.id + JSON.stringify(v.tests)} tests={tests} site={site} set={v.tests} add={(x) => write([...v.tests.filter((y) => y.test !== x.test), x])} />}
        </>
      )}
    </Show>
  );
}

// ---- corrections ----

const times = (v: FormData): { start_us: number; end_us: number } => ({ start_us: japanUs(String(v.get("from"))), end_us: japanUs(String(v.get("to"))) + 1 });

function Span({ range }: { range: Range }) {
  return (
    <>
      <Field label={t("export.from")}><input type="datetime-local" name="from" required defaultValue={local(range.from)} /></Field>
      <Field label={t("export.to")}><input type="datetime-local" name="to" required defaultValue={local(range.to)} /></Field>
    </>
  );
}

function NewCorrection({ channel, range, changed }: { channel: Channel; range: Range; changed: () => void }) {
  const [code, setCode] = useState<Fix>("offset");
  const save = async (v: FormData): Promise<void> => {
    const params: Record<string, number> = {};
    for (const key of NEEDS[code]) {
      const x = numberOf(v, key);
      if (x === null) throw new Error(t("any.badNumber", { value: "" }));
      params[key] = x;
    }
    await post(`/channels/${channel.id}/layers`, { kind: "correction", code, ...times(v), params, reason: String(v.get("reason")).trim() });
    changed();
  };
  return (
    <SaveForm title={t("quality.correct")} onSave={save}>
      <div class="fields">
        <Field label={t("log.kind")}>
          <select value={code} onChange={(e) => setCode(e.currentTarget.value as Fix)}>{FIXES.map((f) => <option key={f} value={f}>{t(`fix.${f}`)}</option>)}</select>
        </Field>
        <Span range={range} />
        {NEEDS[code].map((key) => <Field key={`${code}${key}`} label={t(FIX_PARAMS[key])}><input name={key} inputMode="decimal" required /></Field>)}
        <Field label={t("alarm.why")}><input name="reason" required maxLength={1000} /></Field>
      </div>
    </SaveForm>
  );
}

// ---- flags by hand, grades, approvals ----

const JUDGEMENTS = { grade: ["good", "fair", "poor", "unverified"], approval: ["working", "in-review", "approved"], flag: ["3", "4"] } as const;
type Judgement = keyof typeof JUDGEMENTS;
const codeText = (kind: Judgement, code: string): string => (kind === "flag" ? t(`flag.${code}` as "flag.3") : t(`code.${code}` as "code.good"));

/** How good a stretch is, how far its checking has come, or a flag that no test would set. */
function NewJudgement({ channel, range, changed }: { channel: Channel; range: Range; changed: () => void }) {
  const [kind, setKind] = useState<Judgement>("approval");
  const save = async (v: FormData): Promise<void> => {
    const code = String(v.get("code"));
    await post(`/channels/${channel.id}/layers`, {
      kind, code: kind === "flag" ? "by-hand" : code, ...(kind === "flag" ? { level: Number(code) } : {}), ...times(v), reason: String(v.get("reason")).trim(),
    });
    changed();
  };
  return (
    <SaveForm title={t("quality.judge")} onSave={save}>
      <p class="muted">{t("quality.judgeHelp")}</p>
      <div class="fields">
        <Field label={t("log.kind")}>
          <select value={kind} onChange={(e) => setKind(e.currentTarget.value as Judgement)}>{(Object.keys(JUDGEMENTS) as Judgement[]).map((k) => <option key={k} value={k}>{t(`layer.${k}`)}</option>)}</select>
        </Field>
        <Field label={t("quality.level")}>
          <select key={kind} name="code">{JUDGEMENTS[kind].map((c) => <option key={c} value={c}>{codeText(kind, c)}</option>)}</select>
        </Field>
        <Span range={range} />
        <Field label={t("alarm.why")}><input name="reason" required maxLength={1000} /></Field>
      </div>
    </SaveForm>
  );
}

interface Verdict { fouling: number; drift: number[]; total?: number; rating?: string; layers: number[] }

function Visit({ channel, range, changed }: { channel: Channel; range: Range; changed: () => void }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const save = async (v: FormData): Promise<void> => {
    const body: Record<string, unknown> = { from_us: times(v).start_us, to_us: times(v).end_us - 1, reason: String(v.get("reason")).trim() };
    for (const key of ["before", "after", "beside_before", "beside_after", "standard_1", "reading_1", "standard_2", "reading_2"]) {
      const x = numberOf(v, key);
      if (x !== null) body[key] = x;
    }
    setVerdict(await post<Verdict>(`/channels/${channel.id}/visits`, body));
    changed();
  };
  const field = (name: string, label: "visit.before" | "visit.after" | "visit.besideBefore" | "visit.besideAfter" | "visit.standard" | "visit.reading", n = "", required = false) => (
    <Field label={`${t(label)}${n}`}><input name={name} inputMode="decimal" required={required} /></Field>
  );
  return (
    <SaveForm title={t("visit.title")} onSave={save}>
      <p class="muted">{t("visit.help")}</p>
      <div class="fields">
        <Span range={range} />
        {field("before", "visit.before", "", true)}{field("after", "visit.after", "", true)}
        {field("beside_before", "visit.besideBefore")}{field("beside_after", "visit.besideAfter")}
        {field("standard_1", "visit.standard", " 1")}{field("reading_1", "visit.reading", " 1")}
        {field("standard_2", "visit.standard", " 2")}{field("reading_2", "visit.reading", " 2")}
        <Field label={t("alarm.why")}><input name="reason" required maxLength={900} /></Field>
      </div>
      {verdict && <p role="status">{t("visit.result", { fouling: number(verdict.fouling), drift: verdict.drift.map(number).join(", ") || "–", n: verdict.layers.length })} {verdict.rating ?? ""}</p>}
    </SaveForm>
  );
}

// ---- laboratory and water ----

function Laboratory({ channel }: { channel: Channel }) {
  const loaded = useLoad(() => get<Pairs>(`/channels/${channel.id}/pairs?corrected=1`), [channel.id]);
  return (
    <section class="card">
      <h2>{t("pair.title")}</h2>
      <Show of={loaded}>
        {(v) => (
          <>
            {v.statistics && <p>{t("pair.statistics", { n: v.statistics.n, bias: number(v.statistics.bias), low: number(v.statistics.low), high: number(v.statistics.high), rmse: number(v.statistics.rmse) })}</p>}
            <Table stack label={t("pair.title")} rows={[...v.pairs].reverse().slice(0, 50)} none={t("pair.none")} columns={[
              { head: t("lab.sampled"), cell: (p) => when(p.time_us) },
              { head: t("lab.by"), cell: (p) => number(p.laboratory), isNumber: true },
              { head: t("pair.sensor"), cell: (p) => number(p.sensor), isNumber: true },
              { head: t("pair.difference"), cell: (p) => number(p.sensor - p.laboratory), isNumber: true },
            ]} />
          </>
        )}
      </Show>
    </section>
  );
}

function waterText(c: WaterCheck): string {
  if (c.check === "conductance") return t("water.conductance", { measured: number((c.measured_s_m ?? 0) * 100), computed: number((c.computed_s_m ?? 0) * 100) });
  if (c.check === "redox") return t("water.redox", { measured: number((c.measured_v ?? 0) * 1000), computed: number((c.computed_v ?? 0) * 1000) });
  return t("water.rain", { lag: c.lag_h ?? 0, r: number(c.correlation) });
}

function Water({ site }: { site: SiteDetail }) {
  const loaded = useLoad(() => get<{ checks: WaterCheck[] }>(`/sites/${site.id}/water-checks`), [site.id]);
  return (
    <section class="card">
      <h2>{t("water.title")}</h2>
      <Show of={loaded}>
        {(v) => (
          <Table stack label={t("water.title")} rows={v.checks.slice(0, 50)} none={t("water.none")} columns={[
            { head: t("storm.station"), cell: (c) => named(site.stations.find((s) => s.id === c.station) ?? { name: "" }) },
            { head: t("lab.sampled"), cell: (c) => when(c.time_us) },
            { head: t("quality.what"), cell: waterText },
            { head: t("quality.level"), cell: (c) => (c.flag === undefined ? "" : t(`flag.${c.flag === 4 ? 4 : c.flag === 3 ? 3 : c.flag === 1 ? 1 : 2}`)) },
          ]} />
        )}
      </Show>
    </section>
  );
}

// ---- the page ----

function OfChannel({ site, channel, catalogue, tab, setTab }: {
  site: SiteDetail; channel: Channel; catalogue: Catalogue; tab: string; setTab: (key: string) => void;
}) {
  const [range, setRange] = useState<Range>(() => lastOf(7 * DAY, nowS()));
  const [past, setPast] = useState("");
  const [all, setAll] = useState(false);
  const asOf = past ? japanUs(past) : undefined;
  const q = `${asOf ? `?as_of=${asOf}` : ""}${all ? `${asOf ? "&" : "?"}all=1` : ""}`;
  const layers = useLoad(() => get<{ layers: Layer[] }>(`/channels/${channel.id}/layers${q}`), [channel.id, q], { everyS: 30, topics: ["records"], site: site.id });
  const list = layers.value?.layers ?? [];
  const isEngineer = may("engineer", site.id);
  const show = (l: Layer): void => {
    const room = Math.max((l.end_us - l.start_us) / 1e6, HOUR) * 2;
    setRange({ from: l.start_us / 1e6 - room, to: Math.min(l.end_us / 1e6 + room, nowS()), live: false });
  };
  const ofLayers = (): ComponentChildren => (
    <section class="card">
      <h2>{t("quality.layers")}</h2>
      <Problem error={layers.error} />
      <Layers site={site} layers={list} tests={catalogue.qc_tests} changed={layers.reload} show={show} />
    </section>
  );
  const forEngineers: Tab[] = [
    { key: "correct", title: t("quality.correct"), content: () => <NewCorrection channel={channel} range={range} changed={layers.reload} /> },
    { key: "judge", title: t("quality.judge"), content: () => <NewJudgement channel={channel} range={range} changed={layers.reload} /> },
    { key: "visit", title: t("visit.title"), content: () => <Visit channel={channel} range={range} changed={layers.reload} /> },
  ];
  const tabs: Tab[] = [
    { key: "layers", title: `${t("quality.layers")} (${list.length})`, content: ofLayers },
    { key: "tests", title: t("quality.tests"), content: () => <Settings site={site} channel={channel} tests={catalogue.qc_tests} changed={layers.reload} /> },
    ...(isEngineer ? forEngineers : []),
    { key: "laboratory", title: t("pair.title"), content: () => <Laboratory channel={channel} /> },
    { key: "water", title: t("water.title"), content: () => <Water site={site} /> },
  ];
  return (
    <>
      <section class="card">
        <RangeBar range={range} set={setRange} />
        <Compared site={site} channel={channel} layers={list.filter((l) => l.undone_us === null || asOf !== undefined)} asOf={asOf} range={range} setRange={setRange} />
        <div class="row">
          <label class="inline wraps">{t("quality.asOf")} <input type="datetime-local" name="as_of" step={1} value={past} onInput={(e) => setPast(e.currentTarget.value)} /></label>
          <label class="inline"><input type="checkbox" checked={all} onChange={() => setAll(!all)} /> {t("quality.all")}</label>
        </div>
      </section>
      <Tabs id="quality" label={t("quality.sections")} tabs={tabs} start={tab} onOpen={setTab} />
    </>
  );
}

export function Quality({ site }: TabProps) {
  const all = useMemo(() => site.stations.flatMap((s) => s.channels), [site]);
  const [id, setId] = useState(all[0]?.id ?? 0);
  const [tab, setTab] = useState("layers");
  const catalogue = useLoad(() => get<Catalogue>("/catalogue"), []);
  const channel = all.find((c) => c.id === id);
  if (!channel) return <p class="muted">{t("station.none")}</p>;
  return (
    <>
      <div class="card row">
        <label class="inline">{t("quality.channel")} <select value={id} onChange={(e) => setId(Number(e.currentTarget.value))}><ChannelOptions site={site} /></select></label>
      </div>
      <Show of={catalogue}>{(v) => <OfChannel key={channel.id} site={site} channel={channel} catalogue={v} tab={tab} setTab={setTab} />}</Show>
    </>
  );
}
