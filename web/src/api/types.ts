// The shapes of api/openapi.yaml that the dashboard reads.

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
  n_stations: number; last_record_us: number | null;
}

export interface Channel {
  id: number; station: number; key: string; name: string; name_ja?: string; quantity: string;
  unit: string; symbol: string; decimals: number; low: number | null; high: number | null;
}

export interface Hole { epoch: number; first: number; last: number }

export interface Health {
  last_record_us: number | null; last_received_us: number | null;
  received: number; missing: number; holes: Hole[];
}

export interface Station {
  id: number; site: number; key: string; name: string; name_ja?: string; transport: string;
  interval_s: number; active: boolean; channels: Channel[]; health: Health;
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
  code: string; level?: number; author: string; reason: string; made_us: number; undone_us: number | null;
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
