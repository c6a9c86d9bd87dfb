import { useState } from "preact/hooks";
import { PERIODS, type Span } from "../../api/types";
import { t } from "../../i18n";
import { number, when } from "../../i18n/format";
import { numberOf } from "../../ui/form";

/** How far each period counts. */
const MOST: Record<(typeof PERIODS)[number], number> = { month: 12, dayofyear: 366, week: 53, quarter: 4 };
const BOUNDS = ["fail_min", "suspect_min", "suspect_max", "fail_max"] as const;
const MOST_ROWS = 60;

/** "6–9月: 2.5…9 (3…8)": the outer bounds, and those of what is doubted. */
export function spanText(s: Span): string {
  const at = s.period === "dates" ? `${when(s.from, "day")}–${when(s.to, "day")}` : t(`period.${s.period}.span`, { from: s.from, to: s.to });
  const pair = (low?: number | null, high?: number | null): string => (low == null && high == null ? "" : `${low == null ? "" : number(low)}…${high == null ? "" : number(high)}`);
  const parts = [pair(s.fail_min, s.fail_max) && `${t("flag.4")} ${pair(s.fail_min, s.fail_max)}`, pair(s.suspect_min, s.suspect_max) && `${t("flag.3")} ${pair(s.suspect_min, s.suspect_max)}`];
  return `${at}: ${parts.filter(Boolean).join(" / ")}`;
}

/** What a row says, checked before it is sent: whole numbers within the period, bounds in their order. */
export function checkSpan(s: Span, row: number): Span {
  const fail = (why: string): never => {
    throw new Error(t("span.row", { n: row, why }));
  };
  if (s.period !== "dates" && ![s.from, s.to].every((x) => Number.isInteger(x) && x >= 1 && x <= MOST[s.period as keyof typeof MOST])) {
    fail(t("span.outside", { most: MOST[s.period as keyof typeof MOST] }));
  }
  const given = BOUNDS.map((k) => s[k]).filter((x): x is number => x != null);
  if (given.length === 0) fail(t("span.empty"));
  if (given.some((x, i) => i > 0 && x < given[i - 1]!)) fail(t("span.order"));
  return s;
}

/** The rows of the form; a row whose bounds are all empty is left out. */
export function spansOf(v: FormData): Span[] {
  const spans: Span[] = [];
  const n = v.getAll("span_period").length;
  for (let i = 0; i < n; i++) {
    const field = (name: string): number | null => {
      const one = new FormData();
      one.set(name, v.getAll(`span_${name}`)[i] ?? "");
      return numberOf(one, name);
    };
    const bounds = Object.fromEntries(BOUNDS.map((k) => [k, field(k)]));
    const others = Object.fromEntries((["other_min", "other_max"] as const).map((k) => [k, field(k)]).filter(([, x]) => x !== null));
    const from = field("from");
    const to = field("to");
    if (from === null && to === null && Object.values(bounds).every((x) => x === null)) continue;
    spans.push(checkSpan({ period: String(v.getAll("span_period")[i]) as Span["period"], from: from ?? NaN, to: to ?? NaN, ...bounds, ...others }, i + 1));
  }
  if (spans.length === 0) throw new Error(t("span.none"));
  return spans;
}

/** Seasons and their usual values, one a row. */
export function SpanRows({ now }: { now: Span[] }) {
  const [rows, setRows] = useState<(Span | null)[]>(now.length ? now : [null]);
  const number_ = (name: string, label: string, value: number | null | undefined) => (
    <label>{label}<input name={`span_${name}`} inputMode="decimal" defaultValue={value ?? ""} /></label>
  );
  return (
    <>
      <p class="muted">{t("span.help")}</p>
      {rows.map((s, i) => (
        <fieldset key={i}>
          <legend>{t("span.title", { n: i + 1 })}</legend>
          <div class="fields narrowfields">
            <label>{t("span.period")}
              <select name="span_period">
                {PERIODS.map((p) => <option key={p} value={p} selected={p === (s?.period ?? "month")}>{t(`period.${p}`)}</option>)}
                {s?.period === "dates" && <option value="dates" selected>{t("period.dates")}</option>}
              </select>
            </label>
            {number_("from", t("span.from"), s?.from)}{number_("to", t("span.to"), s?.to)}
            {number_("fail_min", t("span.failMin"), s?.fail_min)}{number_("suspect_min", t("span.suspectMin"), s?.suspect_min)}
            <input type="hidden" name="span_other_min" value={s?.other_min ?? ""} /><input type="hidden" name="span_other_max" value={s?.other_max ?? ""} />
            {number_("suspect_max", t("span.suspectMax"), s?.suspect_max)}{number_("fail_max", t("span.failMax"), s?.fail_max)}
          </div>
        </fieldset>
      ))}
      <p class="row">
        <button type="button" disabled={rows.length >= MOST_ROWS} onClick={() => setRows([...rows, null])}>{t("span.add")}</button>
        {rows.length > 1 && <button type="button" onClick={() => setRows(rows.slice(0, -1))}>{t("span.drop")}</button>}
      </p>
    </>
  );
}
