import { language, t } from "./index";

const ZONE = "Asia/Tokyo"; // mines in Japan: one zone, whatever the reader's computer is set to

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(kind: "minute" | "second" | "day"): Intl.DateTimeFormat {
  const key = `${language.value} ${kind}`;
  let made = cache.get(key);
  if (!made) {
    const time: Intl.DateTimeFormatOptions =
      kind === "day" ? {} : { hour: "2-digit", minute: "2-digit", ...(kind === "second" ? { second: "2-digit" } : {}) };
    made = new Intl.DateTimeFormat(language.value === "ja" ? "ja-JP" : "sv-SE", {
      timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23", ...time,
    });
    cache.set(key, made);
  }
  return made;
}

/** UTC microseconds, as the server counts, to a date in Japan. */
export function when(us: number | null | undefined, kind: "minute" | "second" | "day" = "minute"): string {
  return us == null ? t("any.never") : formatter(kind).format(us / 1000);
}

export function ago(us: number | null | undefined, nowMs: number = Date.now()): string {
  if (us == null) return t("any.never");
  const s = Math.max(0, Math.round((nowMs - us / 1000) / 1000));
  if (s < 100) return t("any.ago.s", { n: s });
  if (s < 6000) return t("any.ago.m", { n: Math.round(s / 60) });
  if (s < 48 * 3600) return t("any.ago.h", { n: Math.round(s / 3600) });
  return t("any.ago.d", { n: Math.round(s / 86400) });
}

/** Four significant digits, no exponent in the everyday range. */
export function number(x: number | null | undefined): string {
  if (x == null || !Number.isFinite(x)) return "–";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) return x.toExponential(2);
  return String(Number(x.toPrecision(4)));
}

/** With the decimals that a quantity is stated with: 7.10 beside 7.12. */
export function fixed(x: number | null | undefined, decimals: number): string {
  if (x == null || !Number.isFinite(x) || Math.abs(x) >= 1e6) return number(x);
  return x.toFixed(decimals);
}

const STEPS: [number, string, string][] = [
  [86400, "日", "day"], [3600, "時間", "hour"], [60, "分", "minute"], [1, "秒", "second"],
];

/** A length of time in its largest whole unit: 3600 s is "1 hour". */
export function span(s: number): string {
  const [unit, ja, en] = STEPS.find(([u]) => s >= u) ?? STEPS[3]!;
  const n = Number((s / unit).toPrecision(3));
  return language.value === "ja" ? `${n} ${ja}` : `${n} ${en}${n === 1 ? "" : "s"}`;
}
