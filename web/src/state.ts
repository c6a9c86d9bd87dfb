import type { Site, Station } from "./api/types";

/** Records later than this many of their intervals count as silence. */
const INTERVALS = 3;
const AT_LEAST_S = 900;
/** Without a stated interval a day without data is silence. */
const IRREGULAR_S = 86_400;

type Level = "ok" | "warning" | "silent" | "unknown";

export function stationState(s: Station, nowUs: number): Level {
  if (!s.active) return "unknown";
  if (s.health.last_record_us == null) return "silent";
  const limitS = s.interval_s > 0 ? Math.max(INTERVALS * s.interval_s, AT_LEAST_S) : IRREGULAR_S;
  if ((nowUs - s.health.last_record_us) / 1e6 > limitS) return "silent";
  return s.health.missing > 0 ? "warning" : "ok";
}

const WORST: Level[] = ["silent", "warning", "unknown", "ok"];

export function siteState(stations: Station[], nowUs: number): Level {
  const states = stations.filter((s) => s.active).map((s) => stationState(s, nowUs));
  return WORST.find((w) => states.includes(w)) ?? "unknown";
}

/** Of a site of which only the list tells. */
export function listedState(site: Site, nowUs: number): Level {
  if (site.n_stations === 0) return "unknown";
  if (site.last_record_us == null) return "silent";
  return (nowUs - site.last_record_us) / 1e6 > IRREGULAR_S ? "silent" : "ok";
}
