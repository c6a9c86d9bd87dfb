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

export function Users() {
  const [token, setToken] = useState("");
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
  const reset = async (u: User): Promise<void> => setToken((await post<{ token: string }>(`/users/${u.id}/reset`)).token);
  const turn = async (u: User): Promise<void> => {
    await patch(`/users/${u.id}`, { active: !u.active });
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
            <section class="card">
              <Table label={t("user.title")} rows={users} none="" columns={[
                { head: t("user.name"), cell: (u) => <>{u.name} <span class="muted">{u.full_name}</span></> },
                { head: t("user.role"), cell: (u) => <GrantList grants={u.grants} sites={sites} /> },
                { head: t("account.totp"), cell: (u) => (u.totp ? t("any.yes") : t("any.no")) },
                { head: t("user.last"), cell: (u) => when(u.last_login_us) },
                { head: t("any.state"), cell: (u) => (u.active ? t("user.active") : t("user.disabled")) },
                { head: t("any.do"), cell: (u) => (
                  <span class="row">
                    <button type="button" onClick={() => void turn(u)}>{u.active ? t("user.disable") : t("user.enable")}</button>
                    <button type="button" onClick={() => void reset(u)}>{t("user.reset")}</button>
                  </span>
                ) },
              ]} />
            </section>
            <SaveForm title={t("user.add")} onSave={add}>
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
