import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";

export interface Loaded<T> {
  value: T | null;
  error: ApiError | null;
  reload(): void;
}

/**
 * What `fetch` brings, anew whenever one of `keys` changes and each `everyS` seconds while the page is seen.
 * An error keeps the last value; the answer to an older question never replaces a newer one.
 */
export function useLoad<T>(fetch: () => Promise<T>, keys: readonly unknown[], everyS = 0): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const asked = useRef(0);
  const ask = useCallback(() => {
    const mine = ++asked.current;
    fetch().then(
      (v) => {
        if (mine !== asked.current) return;
        setValue(v);
        setError(null);
      },
      (e: unknown) => {
        if (mine !== asked.current) return;
        setError(e instanceof ApiError ? e : new ApiError(0, String(e)));
      },
    );
  }, keys);
  useEffect(() => {
    ask();
    if (!everyS) return;
    const timer = setInterval(() => document.visibilityState === "visible" && ask(), everyS * 1000);
    return () => clearInterval(timer);
  }, [ask, everyS]);
  useEffect(() => () => void asked.current++, []);
  return { value, error, reload: ask };
}
