import { signal } from "@preact/signals";
import { get } from "./api/client";
import type { Desk } from "./api/types";
import { isLive, listen } from "./live";
import { session } from "./session";
import { isUnseen } from "./state";

const EVERY_S = 10;
const WITH_STREAM_S = 60;
const SETTLE_MS = 300;

/** Alarms of all sites, kept fresh while somebody is signed in: each page shows how many wait. */
export const desk = signal<Desk | null>(null);

export async function refresh(): Promise<void> {
  desk.value = await get<Desk>("/alarms");
}

export const waiting = (): number => (desk.value?.alarms ?? []).filter(isUnseen).length;

export function startDesk(): void {
  let at = 0;
  const ask = (): void => {
    if (!session.value || document.visibilityState !== "visible") return;
    at = Date.now();
    void refresh().catch(() => undefined);
  };
  session.subscribe((s) => (s ? ask() : (desk.value = null)));
  listen({ topics: ["alarms"], hear: ask });
  setInterval(() => {
    if (Date.now() - at >= (isLive.value ? WITH_STREAM_S : EVERY_S) * 1000 - SETTLE_MS) ask();
  }, EVERY_S * 1000);
}
