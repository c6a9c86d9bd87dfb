import { signal } from "@preact/signals";

/** What the server answered instead of what was asked: its status, its reason in words, the kind of fault ("E_RANGE"), and where there is one
 *  the code of the message ("alarm_no_threshold") with the values in it. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string, readonly fault = "", readonly code = "", readonly params: readonly string[] = []) {
    super(message);
  }
}

/** False while the last request got no answer at all. */
export const isOnline = signal(true);

const BASE = "/api/v1";
const TIMEOUT_MS = 20_000;

let csrf = "";
export const setCsrf = (token: string): void => void (csrf = token);

/** Called when the session has ended, whichever request notices. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (f: () => void): void => void (onSignedOut = f);

async function refusal(answer: Response): Promise<ApiError> {
  try {
    const { error } = (await answer.json()) as { error?: { status?: string; message?: string; code?: string; params?: string[] } };
    return new ApiError(answer.status, error?.message ?? answer.statusText, error?.status, error?.code, error?.params);
  } catch {
    return new ApiError(answer.status, answer.statusText || String(answer.status));
  }
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  let answer: Response;
  try {
    answer = await fetch(address(path), {
      method, headers, credentials: "same-origin", cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    isOnline.value = false;
    throw new ApiError(0, String((cause as Error).message));
  }
  isOnline.value = true;
  if (answer.ok) return answer;
  if (answer.status === 401 && path !== "/session") onSignedOut();
  throw await refusal(answer);
}

async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await send(method, path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const get = <T>(path: string): Promise<T> => json<T>("GET", path);
export const post = <T>(path: string, body?: unknown): Promise<T> => json<T>("POST", path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => json<T>("PUT", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => json<T>("PATCH", path, body);
export const del = <T>(path: string, body?: unknown): Promise<T> => json<T>("DELETE", path, body);

/** Query string of what is given: undefined values are left out. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) q.set(key, String(value));
  const text = q.toString();
  return text ? `?${text}` : "";
}

/** Paths are those of the server's own API, but for SensorThings, which stands beside it. */
export const address = (path: string): string => (path.startsWith("/sta/") ? path : BASE + path);
