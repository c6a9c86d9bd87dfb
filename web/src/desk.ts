import { signal } from "@preact/signals";
import { get } from "./api/client";
import type { Desk } from "./api/types";
import { session } from "./session";
import { isUnseen } from "./state";

const EVERY_S = 10;

/** Alarms of all sites, kept fresh while somebody is signed in: each page shows how many wait. */
export const desk = signal<Desk | null>(null);

export async function refresh(): Promise<void> {
  desk.value = await get<Desk>("/alarms");
}

export const waiting = (): number => (desk.value?.alarms ?? []).filter(isUnseen).length;

export function startDesk(): void {
  const ask = (): void => {
    if (session.value && document.visibilityState === "visible") void refresh().catch(() => undefined);
  };
  session.subscribe((s) => (s ? ask() : (desk.value = null)));
  setInterval(ask, EVERY_S * 1000);
}
