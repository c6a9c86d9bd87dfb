import { get } from "../api/client";
import type { Line } from "./chart";
import type { Range } from "./range";

/** Moments (s) of the last value before a span and of the first one after it; null where there is none. */
export interface Nearest { before: number | null; after: number | null }

const iso = (s: number): string => new Date(s * 1000).toISOString();

async function one(channel: number, side: "lt" | "gt", at: number, order: "asc" | "desc"): Promise<number | null> {
  const q = new URLSearchParams({
    $filter: `phenomenonTime ${side} ${iso(at)} and result ne null`, $orderby: `phenomenonTime ${order}`, $top: "1", $select: "phenomenonTime",
  });
  const answer = await get<{ value: { phenomenonTime: string }[] }>(`/sta/v1.1/Datastreams(${channel})/Observations?${q}`);
  const found = answer.value[0];
  return found ? Date.parse(found.phenomenonTime) / 1000 : null;
}

/** Asked of SensorThings, which reads in order of time from the end that is asked for. */
export async function nearest(channel: number, r: Range): Promise<Nearest> {
  const [before, after] = await Promise.all([one(channel, "lt", r.from, "desc"), one(channel, "gt", r.to, "asc")]);
  return { before, after };
}

/** A span as long as the old one that shows the moment near its end (before) or its beginning (after). */
export function around(at: number, r: Range, side: keyof Nearest, now: number): Range {
  const length = r.to - r.from;
  const to = Math.min(side === "before" ? at + 0.1 * length : at + 0.9 * length, Math.max(now, at));
  return { from: to - length, to, live: false };
}

/** True when all that there is of the span has come and holds no value. */
export function isEmpty(lines: readonly Line[], r: Range, now: number): boolean {
  const has = lines.some(({ block }) => block.t.some((at, i) => at >= r.from && at <= r.to && block.mean[i] != null));
  const own = lines[0]?.block;
  return own !== undefined && !has && own.from <= r.from && own.to >= Math.min(r.to, now) - 1;
}
