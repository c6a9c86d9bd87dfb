import type { Alarm, LogEntry, Site, Stand, Station } from "./api/types";

/** Records later than this many of their intervals count as silence. */
const INTERVALS = 3;
const AT_LEAST_S = 900;
/** Without a stated interval a day without data is silence. */
const IRREGULAR_S = 86_400;

export type Level = "ok" | "warning" | "alarm" | "silent" | "unknown";

export function stationState(s: Station, nowUs: number): Level {
  if (!s.active) return "unknown";
  if (s.health.last_record_us == null) return "silent";
  const limitS = s.interval_s > 0 ? Math.max(INTERVALS * s.interval_s, AT_LEAST_S) : IRREGULAR_S;
  if ((nowUs - s.health.last_record_us) / 1e6 > limitS) return "silent";
  return s.health.missing > 0 ? "warning" : "ok";
}

const WORST: Level[] = ["alarm", "silent", "warning", "unknown", "ok"];

export function siteState(stations: Station[], nowUs: number): Level {
  const states = stations.filter((s) => s.active && s.channels.length > 0).map((s) => stationState(s, nowUs));
  return WORST.find((w) => states.includes(w)) ?? "unknown";
}

/** Of a site of which only the list tells. */
export function listedState(site: Site): Level {
  if (site.n_stations === 0) return "unknown";
  return site.last_record_us == null || site.n_late > 0 ? "silent" : "ok";
}

/** Sites by state, the worst first; states that none has are left out. */
export function tally(levels: readonly Level[]): [Level, number][] {
  return WORST.map((w): [Level, number] => [w, levels.filter((l) => l === w).length]).filter(([, n]) => n > 0);
}

/** The list with the worst state first; what is equally bad stays in its order. */
export function worstFirst<T>(list: readonly T[], state: (of: T) => Level): T[] {
  return [...list].sort((a, b) => WORST.indexOf(state(a)) - WORST.indexOf(state(b)));
}

export const isBeyond = (v: { value: number | null; low: number | null; high: number | null }): boolean =>
  v.value !== null && ((v.high !== null && v.value > v.high) || (v.low !== null && v.value < v.low));

export interface FiscalYear { year: number; cost_yen: number; hours: number; of: Partial<Record<LogEntry["kind"], number>> }

/** Costs, hours and entries by fiscal year, which begins on 1 April in Japan; the newest first. */
export function fiscalYears(entries: readonly LogEntry[]): FiscalYear[] {
  const years = new Map<number, FiscalYear>();
  for (const e of entries) {
    const day = new Date(e.at_us / 1000 + 9 * 3600_000);
    const year = day.getUTCFullYear() - (day.getUTCMonth() < 3 ? 1 : 0);
    const sum = years.get(year) ?? { year, cost_yen: 0, hours: 0, of: {} };
    sum.cost_yen += e.cost_yen ?? 0;
    sum.hours += e.hours ?? 0;
    sum.of[e.kind] = (sum.of[e.kind] ?? 0) + 1;
    years.set(year, sum);
  }
  return [...years.values()].sort((a, b) => b.year - a.year);
}

const STANDING: readonly Stand[] = ["unacknowledged", "acknowledged", "latched-unacknowledged", "latched-acknowledged"];
const UNSEEN: readonly Stand[] = ["unacknowledged", "returned-unacknowledged", "latched-unacknowledged"];

export const isStanding = (a: Alarm): boolean => a.active && STANDING.includes(a.stand);
export const isUnseen = (a: Alarm): boolean => a.active && UNSEEN.includes(a.stand);

/** What nobody has seen first, then what stands, by priority, the newest first. */
export function byUrgency(a: Alarm, b: Alarm): number {
  const rank = (x: Alarm): number => (isUnseen(x) ? 0 : isStanding(x) ? 1 : x.stand === "shelved" ? 2 : 3);
  return rank(a) - rank(b) || a.priority - b.priority || b.state.activated - a.state.activated || a.id - b.id;
}

/** An alarm that stands outdoes whatever else is known of its site. */
export function withAlarms(level: Level, alarms: readonly Alarm[]): Level {
  const own: Level[] = alarms.some(isStanding) ? ["alarm"] : alarms.some(isUnseen) ? ["warning"] : [];
  return WORST.find((w) => [level, ...own].includes(w)) ?? level;
}
