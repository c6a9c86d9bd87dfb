import { signal } from "@preact/signals";
import { ApiError, del, get, post, setCsrf, whenSignedOut } from "./api/client";
import type { Role, Session } from "./api/types";
import { setLanguage } from "./i18n";

/** undefined: not asked yet; null: nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

const RANK: Role[] = ["viewer", "operator", "engineer", "administrator"];

/** Does the user hold at least this role, on this site (on any when none is named)? The server decides anew each time. */
export function may(role: Role, site?: number): boolean {
  const grants = session.value?.grants ?? [];
  const here = grants.filter((g) => g.site === null || site === undefined || g.site === site);
  if (role === "auditor") return here.some((g) => g.role === "auditor" || g.role === "administrator");
  return here.some((g) => RANK.indexOf(g.role) >= RANK.indexOf(role) || (g.role === "auditor" && role === "viewer"));
}

function take(s: Session): void {
  setCsrf(s.csrf);
  session.value = s;
}

export async function resume(): Promise<void> {
  whenSignedOut(() => (session.value = null));
  try {
    take(await get<Session>("/session"));
  } catch (e) {
    if (!(e instanceof ApiError) || e.status !== 401) throw e;
    session.value = null;
  }
}

export async function signIn(name: string, password: string, totp: string): Promise<void> {
  const s = await post<Session>("/session", { name, password, ...(totp ? { totp } : {}) });
  take(s);
  if (!localStorage.getItem("seiryu.language")) setLanguage(s.lang);
}

export async function signOut(): Promise<void> {
  await del("/session").catch(() => undefined);
  session.value = null;
}
