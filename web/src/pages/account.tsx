import { useState } from "preact/hooks";
import { type ApiError, del, get, post, put } from "../api/client";
import { t } from "../i18n";
import { when } from "../i18n/format";
import { keyAddress } from "../otpauth";
import { may, resume, session } from "../session";
import { SaveForm } from "../ui/form";
import { useLoad } from "../ui/load";
import { Field, Problem, Show, Table } from "../ui/parts";
import { Qr } from "../ui/qr";

const text = (v: FormData, name: string): string => String(v.get(name) ?? "");

function Password() {
  const save = async (v: FormData): Promise<void> => {
    if (text(v, "new").length < 12) throw new Error(t("login.short"));
    if (text(v, "new") !== text(v, "repeat")) throw new Error(t("login.differ"));
    await post("/password", { old: text(v, "old"), new: text(v, "new") });
  };
  return (
    <SaveForm title={t("account.password")} onSave={save}>
      <Field label={t("account.old")}><input type="password" name="old" autocomplete="current-password" required /></Field>
      <Field label={t("login.newPassword")}><input type="password" name="new" autocomplete="new-password" required /></Field>
      <Field label={t("login.repeat")}><input type="password" name="repeat" autocomplete="new-password" required /></Field>
    </SaveForm>
  );
}

function SecondFactor() {
  const [secret, setSecret] = useState("");
  const isOn = session.value?.totp ?? false;
  const [error, setError] = useState<ApiError | null>(null);
  const confirm = async (v: FormData): Promise<void> => {
    await put("/totp", { code: text(v, "code").replace(/\s/g, "") });
    setSecret("");
    await resume();
  };
  const stop = async (v: FormData): Promise<void> => {
    await del("/totp", { password: text(v, "password") });
    await resume();
  };
  if (isOn) {
    return (
      <SaveForm title={`${t("account.totp")}: ${t("account.on")}`} onSave={stop}>
        <p>{t("account.stop")}</p>
        <Field label={t("login.password")}><input type="password" name="password" autocomplete="current-password" required /></Field>
      </SaveForm>
    );
  }
  if (!secret) {
    return (
      <section class="card">
        <h2>{t("account.totp")}</h2>
        <p>{t("account.totpHelp")}</p>
        <Problem error={error} />
        <button type="button" onClick={() => void post<{ secret: string }>("/totp").then((s) => setSecret(s.secret), setError)}>{t("account.start")}</button>
      </section>
    );
  }
  return (
    <SaveForm title={t("account.totp")} onSave={confirm}>
      <p>{t("account.scan")}</p>
      <Qr text={keyAddress(session.value?.name ?? "", secret)} label={t("account.qr")} />
      <p>{t("account.enter")} <code>{secret}</code></p>
      <p><a href={keyAddress(session.value?.name ?? "", secret)}>{t("account.openApp")}</a></p>
      <Field label={t("account.code")}><input name="code" inputMode="numeric" autocomplete="one-time-code" required /></Field>
    </SaveForm>
  );
}

interface Token { id: number; name: string; role: string; made_us: number; until_us: number; used_us: number | null }

function Tokens() {
  const [made, setMade] = useState("");
  const loaded = useLoad(() => get<{ tokens: Token[] }>("/tokens"), []);
  const add = async (v: FormData): Promise<void> => {
    setMade((await post<{ token: string }>("/tokens", { name: text(v, "name"), role: text(v, "role"), days: Number(text(v, "days")) })).token);
    loaded.reload();
  };
  const drop = async (id: number): Promise<void> => {
    await del(`/tokens/${id}`);
    loaded.reload();
  };
  return (
    <>
      <section class="card">
        <h2>{t("account.tokens")}</h2>
        <p class="muted">{t("account.tokensHelp")}</p>
        {made && <p class="notice" role="status">{t("account.tokenOnce")} <code>{made}</code></p>}
        <Show of={loaded}>
          {({ tokens }) => (
            <Table label={t("account.tokens")} rows={tokens} none={t("account.noTokens")} columns={[
              { head: t("account.tokenName"), cell: (k) => k.name },
              { head: t("account.expires"), cell: (k) => when(k.until_us, "day") },
              { head: t("user.role"), cell: (k) => t(`role.${k.role}` as "role.viewer") },
              { head: t("account.used"), cell: (k) => when(k.used_us) },
              { head: t("any.do"), cell: (k) => <button type="button" onClick={() => void drop(k.id)}>{t("account.revoke")}</button> },
            ]} />
          )}
        </Show>
      </section>
      <SaveForm title={t("account.newToken")} onSave={add}>
        <Field label={t("account.tokenName")}><input name="name" required /></Field>
        <Field label={t("account.tokenRole")}>
          <select name="role">{(["viewer", "operator"] as const).filter((r) => may(r)).map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}</select>
        </Field>
        <Field label={t("account.days")}><input name="days" type="number" min={1} max={3650} defaultValue="365" required /></Field>
      </SaveForm>
    </>
  );
}

export function Account() {
  const s = session.value;
  return (
    <>
      <h1>{s?.full_name || s?.name}</h1>
      <div class="grid">
        <div><Password /><SecondFactor /></div>
        <div><Tokens /></div>
      </div>
    </>
  );
}
