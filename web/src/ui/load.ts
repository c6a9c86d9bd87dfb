import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { isLive, listen, type Topic } from "../live";

export interface Loaded<T> {
  value: T | null;
  error: ApiError | null;
  reload(): void;
}

export interface Freshness {
  /** Asked anew so often while the page is seen and nobody tells of changes. */
  everyS?: number;
  /** What the server may tell of, and of which site. */
  topics?: readonly Topic[];
  site?: number;
}

/** Also with a stream it is asked now and then: settings that others change are not told. */
const AT_MOST_S = 60;
const SETTLE_MS = 300;

/**
 * What `fetch` brings, anew whenever one of `keys` changes, when the server tells of a change, and now and then.
 * An error keeps the last value; the answer to an older question never replaces a newer one.
 */
export function useLoad<T>(fetch: () => Promise<T>, keys: readonly unknown[], fresh: Freshness = {}): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const asked = useRef(0);
  const at = useRef(0);
  const ask = useCallback(() => {
    const mine = ++asked.current;
    at.current = Date.now();
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
  const { everyS = 0, topics = [], site } = fresh;
  useEffect(() => {
    ask();
    if (!everyS) return;
    const timer = setInterval(() => {
      const due = isLive.value && topics.length ? Math.max(AT_MOST_S, everyS) : everyS;
      if (document.visibilityState === "visible" && Date.now() - at.current >= due * 1000 - SETTLE_MS) ask();
    }, everyS * 1000);
    return () => clearInterval(timer);
  }, [ask, everyS]);
  useEffect(() => {
    if (topics.length === 0) return;
    return listen({ topics, site, hear: ask });
  }, [ask, topics.join(), site]);
  useEffect(() => () => void asked.current++, []);
  return { value, error, reload: ask };
}
