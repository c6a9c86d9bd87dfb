// The shapes of api/openapi.yaml that the dashboard reads.
import type { Profile } from "../profile";

export type Role = "viewer" | "operator" | "engineer" | "administrator" | "auditor";

export interface Grant { role: Role; site: number | null }

export interface Session {
  user: number; name: string; full_name: string; lang: "ja" | "en"; totp: boolean;
  grants: Grant[]; csrf: string; expires_us: number;
}

export interface User {
  id: number; name: string; full_name: string; lang: "ja" | "en"; active: boolean; totp: boolean;
  last_login_us: number | null; grants: Grant[];
}

export interface Site {
  id: number; key: string; name: string; name_ja?: string;
  latitude: number | null; longitude: number | null; note?: string;
  n_stations: number; last_record_us: number | null; n_late: number; values?: SiteValue[];
}

/** One of the last values that the list of sites tells. */
export interface SiteValue {
  channel: number; station: string; station_ja?: string; key: string; name: string; name_ja?: string; symbol: string;
  decimals: number; low: number | null; high: number | null; time_us: number; value: number; kind: Kind;
}

export interface Channel {
  id: number; station: number; key: string; name: string; name_ja?: string; quantity: string;
  unit: string; symbol: string; decimals: number; low: number | null; high: number | null;
}

export interface Hole { epoch: number; first: number; last: number }

export interface Health {
  last_record_us: number | null; last_received_us: number | null;
  received: number; missing: number; holes: Hole[];
  radio?: { rssi_dbm: number; snr_db: number | null; gateways: number } | null;
}

export interface Station {
  id: number; site: number; key: string; name: string; name_ja?: string; transport: string;
  interval_s: number; active: boolean; channels: Channel[]; health: Health; profiles?: Profile[];
}

export type SiteDetail = Site & { stations: Station[] };

export type Kind = "value" | "below_loq" | "missing" | "over_range";

export interface Latest { channel: number; time_us: number; value: number | null; kind: Kind }

export interface Series {
  channel: number; mode: "points" | "bins"; step_us: number;
  time_us: number[]; value: (number | null)[]; kind?: number[];
  min?: (number | null)[]; max?: (number | null)[]; n?: number[];
}

export interface Layer {
  id: number; kind: "flag" | "correction" | "grade" | "approval"; start_us: number; end_us: number;
  code: string; level?: number; params?: Record<string, number>; author: string; reason: string; made_us: number; undone_us: number | null;
  undone_by?: string | null; undone_reason?: string | null;
}

export interface LabResult {
  id: number; station: number | null; sampled_us: number; quantity: string; fraction: "total" | "dissolved" | "";
  value: number; below_loq: boolean; unit: string; method?: string; laboratory?: string; note?: string;
  replaces: number | null; author: string; made_us: number;
}

export const LOG_KINDS = ["visit", "maintenance", "fault", "calibration", "cost", "weather", "other"] as const;
export type LogKind = (typeof LOG_KINDS)[number];

export interface LogEntry {
  id: number; station: number | null; at_us: number; kind: LogKind; text: string;
  cost_yen: number | null; hours: number | null; replaces: number | null; author: string; made_us: number;
}

export type Stand =
  | "normal" | "unacknowledged" | "acknowledged" | "returned-unacknowledged" | "latched-unacknowledged"
  | "latched-acknowledged" | "shelved" | "suppressed-by-design" | "out-of-service";

export interface AlarmRule {
  threshold?: number; deadband?: number; on_delay_s?: number; off_delay_s?: number; no_data_s?: number;
  live_s?: number; latching?: boolean; storm?: boolean; notify?: number[]; steps?: { after_s: number; target: number }[];
}

export interface Alarm {
  id: number; channel: number; station: number; site: number; name: string; name_ja: string; kind: string; priority: number;
  active: boolean; rule: AlarmRule; stand: Stand; breached: boolean; symbol: string;
  state: { has_value: boolean; value: number; activated: number; shelved_until: number };
  site_name: string; site_name_ja: string; station_name: string; station_name_ja: string; channel_name: string; channel_name_ja: string;
}

export interface Storm { station: number; site: number; interval_s: number; hold_s: number; on: boolean }

export interface Desk { now_us: number; alarms: Alarm[]; storms: Storm[] }

export interface AlarmEvent {
  id: number; time_us: number; kind: "moved" | "escalate" | "past" | "clock"; action: string; from: Stand; to: Stand; silent: boolean;
  value: number | null; actor: string; note: string; alarm?: number | string; alarm_ja?: string;
}

export interface Target { id: number; kind: "mail" | "webhook"; name: string; address: string; lang: "ja" | "en"; active: boolean }

export interface Targets {
  targets: Target[]; mail: boolean; webhook: boolean; failed: { target: number; made_us: number; tries: number; error: string }[];
}

export interface Param { key: string; unit: string; default: number | null; needed: boolean; help: string; help_ja: string }

export interface QcTest {
  key: string; title: string; title_ja: string; other: string; other_ja: string; needs_interval: boolean; needs_spans: boolean; params: Param[];
}

export interface Quantity { key: string; symbol: string; title: string; title_ja: string; unit: string; dimension: number; fractions: boolean }

export interface Unit { key: string; symbol: string; dimension: number }

export interface Catalogue {
  quantities: Quantity[];
  units: Unit[];
  alarm_kinds: { key: string; title: string; title_ja: string; threshold: string }[];
  qc_tests: QcTest[];
}

export const PERIODS = ["month", "dayofyear", "week", "quarter"] as const;

/** A time of the year and the values that are usual in it; null is open. */
export interface Span {
  period: (typeof PERIODS)[number] | "dates"; from: number; to: number; suspect_min?: number | null; suspect_max?: number | null;
  fail_min?: number | null; fail_max?: number | null; other_min?: number | null; other_max?: number | null;
}

export interface TestSetting { test: string; params?: Record<string, number>; other?: number; spans?: Span[] }

export interface QcSetting { tests: TestSetting[]; author: string; made_us: number | null; due: boolean }

export interface CommandPoint {
  id: number; station: number; point: number; name: string; name_ja: string; unit: string; symbol: string; decimals: number; low: number; high: number;
  tolerance: number; two_persons: boolean; remote: boolean; position: number | null; proven: boolean; heard_us: number | null; validity_s: number;
}

export type CommandStand = "new" | "selecting" | "selected" | "operating" | "executing" | "unknown" | "done" | "failed" | "not-done";

export interface Command {
  id: number; point: number; stand: CommandStand; value: number; reason: string; selected_by: string; operated_by: string;
  cause: number; cause_text: string; cause_text_ja: string; made_us: number; until_us: number; ended_us: number | null;
  now_us?: number;
  events?: { time_us: number; what: string; stand: CommandStand; cause: number; cause_text: string; cause_text_ja: string; actor: string }[];
}

export interface Pairs {
  pairs: { result: number; time_us: number; laboratory: number; sensor: number }[];
  statistics: { n: number; bias: number; sd: number; low: number; high: number; rmse: number; slope: number; intercept: number } | null;
}

export interface WaterCheck {
  check: "conductance" | "redox" | "rain"; station: number; time_us: number; flag?: number; measured_s_m?: number; computed_s_m?: number;
  measured_v?: number; computed_v?: number; lag_h?: number; correlation?: number;
}
