import { signal } from "@preact/signals";

/** Where the reader is: "#/sites/3/charts?from=…" is { path: ["sites","3","charts"], query }. */
export interface Place {
  path: string[];
  query: URLSearchParams;
}

export function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export const place = signal<Place>(parse(globalThis.location?.hash ?? ""));

export const to = (...path: (string | number)[]): string => `#/${path.map((p) => encodeURIComponent(String(p))).join("/")}`;

export function go(...path: (string | number)[]): void {
  location.hash = to(...path);
}

export function startRouter(): void {
  addEventListener("hashchange", () => {
    place.value = parse(location.hash);
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  });
}
