/** The span of time that charts show, in seconds since 1970, UTC. */
export interface Range {
  from: number;
  to: number;
  /** The end follows the clock. */
  live: boolean;
}

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86400;
export const YEAR = 365.25 * DAY;

const SHORTEST = MINUTE;
const LONGEST = 60 * YEAR;

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

export function lastOf(span: number, now: number): Range {
  return { from: now - span, to: now, live: true };
}

/** Moved by a share of its own length; to the right it ends at now, and follows it from there. */
export function moved(r: Range, share: number, now: number): Range {
  const span = r.to - r.from;
  const to = Math.min(r.to + share * span, now);
  return { from: to - span, to, live: share > 0 && to >= now };
}

/** Enlarged (factor < 1) or widened (> 1) about a moment, which stays at its place. */
export function zoomed(r: Range, factor: number, about: number, now: number): Range {
  const span = clamp((r.to - r.from) * factor, SHORTEST, LONGEST);
  const share = clamp((about - r.from) / (r.to - r.from), 0, 1);
  const to = Math.min(about + (1 - share) * span, now);
  return { from: to - span, to, live: r.live && share > 0.999 };
}

export function followed(r: Range, now: number): Range {
  return r.live ? { from: now - (r.to - r.from), to: now, live: true } : r;
}

/** What to ask the server for: half a span more on either side, so that a small move shows nothing empty. */
export function withMargin(r: Range): { from: number; to: number } {
  const half = (r.to - r.from) / 2;
  return { from: Math.floor(r.from - half), to: Math.ceil(r.to + half) };
}

/** The same days of an earlier year, by the calendar of Japan: 29 February falls on 1 March. */
export function yearsBefore(at: number, years: number): number {
  const shift = 9 * HOUR * 1000;
  const date = new Date(at * 1000 + shift);
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return (date.getTime() - shift) / 1000;
}
