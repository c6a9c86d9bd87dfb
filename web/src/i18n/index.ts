import { signal } from "@preact/signals";
import { en, type TextKey } from "./en";
import { ja } from "./ja";

export type Language = "ja" | "en";
export type { TextKey };

const KEY = "seiryu.language";

function initial(): Language {
  const kept = globalThis.localStorage?.getItem(KEY);
  if (kept === "ja" || kept === "en") return kept;
  return globalThis.navigator?.language?.startsWith("en") ? "en" : "ja";
}

export const language = signal<Language>(initial());

export function setLanguage(next: Language): void {
  language.value = next;
  globalThis.localStorage?.setItem(KEY, next);
  document.documentElement.lang = next;
}

/** Text by key in the chosen language; `{name}` takes the value of that name. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const text: string = (language.value === "ja" ? ja : en)[key];
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** The Japanese of two names where there is one and Japanese is chosen. */
export function named(thing: { name: string; name_ja?: string | null }): string {
  return (language.value === "ja" && thing.name_ja) || thing.name;
}
