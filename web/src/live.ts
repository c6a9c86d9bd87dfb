import { signal } from "@preact/signals";
import { address } from "./api/client";
import { session } from "./session";

/** What can change at a site, as the server's stream names it. */
export type Topic = "points" | "alarms" | "commands" | "records";

/** True while the server tells of changes; pages ask now and then where it does not. */
export const isLive = signal(false);

export interface Ear {
  topics: readonly Topic[];
  /** Any site when not given. */
  site?: number;
  hear(): void;
}

export interface Change { sites?: Record<string, Topic[]>; all?: Topic[] }

/** Does the change concern what the ear listens for? */
export function concerns(change: Change, ear: Pick<Ear, "topics" | "site">): boolean {
  const told = (list: readonly Topic[] = []): boolean => list.some((x) => ear.topics.includes(x));
  if (told(change.all)) return true;
  const sites = change.sites ?? {};
  return ear.site === undefined ? Object.values(sites).some(told) : told(sites[String(ear.site)]);
}

const ears = new Set<Ear>();

/** Hears of changes, at most once in calmMs: a site that measures all the time is not asked all the time. */
export function listen(ear: Ear, calmMs = 300): () => void {
  let wait = 0;
  const calm: Ear = { ...ear, hear: () => {
    if (wait) return;
    wait = window.setTimeout(() => {
      wait = 0;
      ear.hear();
    }, calmMs);
  } };
  ears.add(calm);
  return () => {
    clearTimeout(wait);
    ears.delete(calm);
  };
}

const AGAIN_MS = 60_000; // after a refusal: too many streams, or a server that is older
const BEATS = 3; // of silence, and the way is taken for lost
let source: EventSource | null = null;
let watchdog = 0;
let later = 0;
let heartbeatS = 15;
let wasOpen = false;

function close(): void {
  source?.close();
  source = null;
  isLive.value = false;
  clearTimeout(watchdog);
  clearTimeout(later);
}

function again(ms: number): void {
  close();
  later = window.setTimeout(open, ms);
}

function alive(): void {
  clearTimeout(watchdog);
  watchdog = window.setTimeout(() => again(1000), BEATS * heartbeatS * 1000);
}

function open(): void {
  if (source || !session.value || document.visibilityState !== "visible") return;
  source = new EventSource(address("/live"));
  alive();
  source.addEventListener("hello", (e) => {
    heartbeatS = (JSON.parse((e as MessageEvent<string>).data) as { heartbeat_s: number }).heartbeat_s;
    isLive.value = true;
    alive();
    if (wasOpen) for (const ear of ears) ear.hear(); // what happened in between was not told
    wasOpen = true;
  });
  source.addEventListener("beat", alive);
  source.addEventListener("change", (e) => {
    alive();
    const change = JSON.parse((e as MessageEvent<string>).data) as Change;
    for (const ear of ears) if (concerns(change, ear)) ear.hear();
  });
  source.onerror = () => {
    isLive.value = false;
    if (source?.readyState === EventSource.CLOSED) again(AGAIN_MS); // else the browser tries again by itself
  };
}

/** A stream while somebody is signed in and sees the page: hidden pages would use up the browser's connections. */
export function startLive(): void {
  const follow = (): void => (session.value && document.visibilityState === "visible" ? open() : close());
  session.subscribe((s) => {
    if (!s) wasOpen = false;
    follow();
  });
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
}
