import { useState } from "preact/hooks";
import { get, patch, post } from "../api/client";
import type { Grant, Role, Site, User } from "../api/types";
import { named, t } from "../i18n";
import { when } from "../i18n/format";
import { SaveForm } from "../ui/form";
import { useLoad } from "../ui/load";
import { Dialog, Field, Show, Table } from "../ui/parts";

const ROLES: Role[] = ["viewer", "operator", "engineer", "administrator", "auditor"];

function GrantList({ grants, sites }: { grants: Grant[]; sites: Site[] }) {
  const place = (id: number | null): string => (id === null ? t("user.all") : named(sites.find((s) => s.id === id) ?? { name: String(id) }));
  return <>{grants.map((g) => `${t(`role.${g.role}`)} (${place(g.site)})`).join(", ")}</>;
}

/** What cannot be taken back at a touch is asked first. */
function Confirm({ title, text, verb, onYes, onClose }: { title: string; text: string; verb: string; onYes: () => Promise<void>; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <SaveForm title="" verb={verb} onSave={onYes}><p>{text}</p></SaveForm>
      <form method="dialog"><button>{t("any.cancel")}</button></form>
    </Dialog>
  );
}

/** Roles of a user, one for each site or for all. */
function Grants({ user, sites, onDone }: { user: User; sites: Site[]; onDone: () => void }) {
  const [grants, setGrants] = useState<Grant[]>(user.grants);
  const set = (i: number, g: Grant): void => setGrants(grants.map((old, k) => (k === i ? g : old)));
  const save = async (): Promise<void> => {
    await patch(`/users/${user.id}`, { grants: grants.map((g) => ({ role: g.role, site: g.site })) });
    onDone();
  };
  return (
    <Dialog title={t("user.rolesOf", { name: user.name })} onClose={onDone}>
      <SaveForm title="" onSave={save}>
        {grants.map((g, i) => (
          <div key={i} class="row">
            <label class="inline">{t("user.role")} <select value={g.role} onChange={(e) => set(i, { ...g, role: e.currentTarget.value as Role })}>{ROLES.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}</select></label>
            <label class="inline">{t("user.site")} <select value={g.site ?? ""} onChange={(e) => set(i, { ...g, site: e.currentTarget.value ? Number(e.currentTarget.value) : null })}>
              <option value="">{t("user.all")}</option>{sites.map((s) => <option key={s.id} value={s.id}>{named(s)}</option>)}
            </select></label>
            <button type="button" onClick={() => setGrants(grants.filter((_, k) => k !== i))}>{t("quality.remove")}</button>
          </div>
        ))}
        <p><button type="button" onClick={() => setGrants([...grants, { role: "viewer", site: sites[0]?.id ?? null }])}>{t("user.addRole")}</button></p>
      </SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}

interface Asked { what: "reset" | "turn" | "roles"; user: User }

export function Users() {
  const [token, setToken] = useState("");
  const [asked, setAsked] = useState<Asked | null>(null);
  const loaded = useLoad(async () => ({
    ...(await get<{ users: User[] }>("/users")), ...(await get<{ sites: Site[] }>("/sites")),
  }), []);
  const add = async (v: FormData): Promise<void> => {
    const site = String(v.get("site"));
    const made = await post<{ token: string }>("/users", {
      name: String(v.get("name")).trim(), full_name: String(v.get("full_name")).trim(), lang: String(v.get("lang")),
      grants: [{ role: String(v.get("role")), site: site === "" ? null : Number(site) }],
    });
    setToken(made.token);
    loaded.reload();
  };
  const reset = async (u: User): Promise<void> => {
    const made = await post<{ token: string }>(`/users/${u.id}/reset`);
    setAsked(null);
    setToken(made.token);
  };
  const turn = async (u: User): Promise<void> => {
    await patch(`/users/${u.id}`, { active: !u.active });
    setAsked(null);
    loaded.reload();
  };
  return (
    <>
      <h1>{t("user.title")}</h1>
      {token && (
        <Dialog title={t("user.title")} onClose={() => setToken("")}>
          <p>{t("user.token")}</p>
          <p><code>{token}</code></p>
          <form method="dialog"><button class="main">{t("any.close")}</button></form>
        </Dialog>
      )}
      <Show of={loaded}>
        {({ users, sites }) => (
          <>
            {asked?.what === "roles" && <Grants user={asked.user} sites={sites} onDone={() => { setAsked(null); loaded.reload(); }} />}
            {asked?.what === "reset" && (
              <Confirm title={`${t("user.reset")}: ${asked.user.name}`} text={t("user.resetHelp")} verb={t("user.reset")} onYes={() => reset(asked.user)} onClose={() => setAsked(null)} />
            )}
            {asked?.what === "turn" && (
              <Confirm title={`${asked.user.active ? t("user.disable") : t("user.enable")}: ${asked.user.name}`} text={asked.user.active ? t("user.disableHelp") : t("user.enableHelp")}
                verb={asked.user.active ? t("user.disable") : t("user.enable")} onYes={() => turn(asked.user)} onClose={() => setAsked(null)} />
            )}
            <section class="card">
              <Table stack label={t("user.title")} rows={users} none="" columns={[
                { head: t("user.name"), cell: (u) => <span>{u.name} <span class="muted">{u.full_name}</span></span> },
                { head: t("user.role"), cell: (u) => <GrantList grants={u.grants} sites={sites} /> },
                { head: t("account.totp"), cell: (u) => (u.totp ? t("any.yes") : t("any.no")) },
                { head: t("user.last"), cell: (u) => when(u.last_login_us) },
                { head: t("any.state"), cell: (u) => (u.active ? t("user.active") : t("user.disabled")) },
                { head: t("any.do"), cell: (u) => (
                  <span class="row">
                    <button type="button" onClick={() => setAsked({ what: "roles", user: u })}>{t("user.roles")}</button>
                    <button type="button" onClick={() => setAsked({ what: "turn", user: u })}>{u.active ? t("user.disable") : t("user.enable")}</button>
                    <button type="button" onClick={() => setAsked({ what: "reset", user: u })}>{t("user.reset")}</button>
                  </span>
                ) },
              ]} />
            </section>
            <SaveForm title={t("user.add")} onSave={add}>
              <p class="muted">{t("user.addHelp")}</p>
              <div class="fields">
                <Field label={t("user.name")}><input name="name" required autocomplete="off" /></Field>
                <Field label={t("user.fullName")}><input name="full_name" autocomplete="off" /></Field>
                <Field label={t("user.role")}><select name="role">{ROLES.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}</select></Field>
                <Field label={t("user.site")}>
                  <select name="site">
                    <option value="">{t("user.all")}</option>
                    {sites.map((s) => <option key={s.id} value={s.id}>{named(s)}</option>)}
                  </select>
                </Field>
                <Field label={t("user.language")}><select name="lang"><option value="ja">日本語</option><option value="en">English</option></select></Field>
              </div>
            </SaveForm>
          </>
        )}
      </Show>
    </>
  );
}
