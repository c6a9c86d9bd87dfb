import { useState } from "preact/hooks";
import { ApiError, post } from "../api/client";
import { t } from "../i18n";
import { signIn } from "../session";
import { Field, Problem } from "../ui/parts";

const SHORTEST = 12;

const text = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? "");

const asApiError = (e: unknown): ApiError => (e instanceof ApiError ? e : new ApiError(-1, String((e as Error).message)));

export function SignIn() {
  const [isFirst, setIsFirst] = useState(false);
  return isFirst ? <FirstSignIn onDone={() => setIsFirst(false)} /> : <EverydaySignIn onFirst={() => setIsFirst(true)} />;
}

function EverydaySignIn({ onFirst }: { onFirst: () => void }) {
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    try {
      await signIn(text(form, "name"), text(form, "password"), text(form, "totp").trim());
    } catch (e) {
      setError(asApiError(e));
      setBusy(false);
    }
  };
  return (
    <form class="card narrow" onSubmit={(e) => void submit(e)}>
      <h1 class="row"><img src="icon.svg" alt="" width="36" height="36" />{t("app.name")}</h1>
      {error?.status === 401 ? <p class="notice error" role="alert">{t("login.wrong")}</p> : <Problem error={error} />}
      <Field label={t("login.user")}><input name="name" autocomplete="username" required autofocus /></Field>
      <Field label={t("login.password")}><input name="password" type="password" autocomplete="current-password" required /></Field>
      <Field label={t("login.code")}><input name="totp" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" /></Field>
      <p class="row">
        <button class="main" disabled={busy}>{t("login.go")}</button>
        <button type="button" class="link" onClick={onFirst}>{t("login.useToken")}</button>
      </p>
    </form>
  );
}

function FirstSignIn({ onDone }: { onDone: () => void }) {
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const refuse = (why: string): void => setError(new ApiError(-1, why));
    const password = text(form, "password");
    if (password.length < SHORTEST) return refuse(t("login.short"));
    if (password !== text(form, "repeat")) return refuse(t("login.differ"));
    const name = text(form, "name").trim();
    try {
      await post("/first-login", { token: text(form, "token").trim(), password, ...(name ? { name } : {}) });
      if (name) await signIn(name, password, "");
      else onDone();
    } catch (e) {
      setError(asApiError(e));
    }
  };
  return (
    <form class="card narrow" onSubmit={(e) => void submit(e)}>
      <h1>{t("login.first")}</h1>
      <p class="muted">{t("login.firstHelp")}</p>
      <Problem error={error} />
      <Field label={t("login.token")}><input name="token" autocomplete="off" required autofocus /></Field>
      <Field label={t("login.user")}><input name="name" autocomplete="username" required /></Field>
      <Field label={t("login.newPassword")}><input name="password" type="password" autocomplete="new-password" required /></Field>
      <Field label={t("login.repeat")}><input name="repeat" type="password" autocomplete="new-password" required /></Field>
      <p class="row">
        <button class="main">{t("any.save")}</button>
        <button type="button" onClick={onDone}>{t("any.cancel")}</button>
      </p>
    </form>
  );
}
