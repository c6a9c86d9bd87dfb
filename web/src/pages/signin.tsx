import { useState } from "preact/hooks";
import { ApiError, post } from "../api/client";
import { t } from "../i18n";
import { signIn } from "../session";
import { Field } from "../ui/parts";

const SHORTEST = 12;

const text = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? "");

function reasonOf(e: unknown): string {
  if (!(e instanceof ApiError)) return String(e);
  if (e.status === 0) return t("any.offline");
  return e.status === 401 ? t("login.wrong") : e.message;
}

export function SignIn() {
  const [isFirst, setIsFirst] = useState(false);
  return isFirst ? <FirstSignIn onDone={() => setIsFirst(false)} /> : <EverydaySignIn onFirst={() => setIsFirst(true)} />;
}

function EverydaySignIn({ onFirst }: { onFirst: () => void }) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    try {
      await signIn(text(form, "name"), text(form, "password"), text(form, "totp").trim());
    } catch (e) {
      setProblem(reasonOf(e));
      setBusy(false);
    }
  };
  return (
    <form class="card narrow" onSubmit={(e) => void submit(e)}>
      <h1 class="row"><img src="icon.svg" alt="" width="36" height="36" />{t("app.name")}</h1>
      {problem && <p class="notice error" role="alert">{problem}</p>}
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
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const password = text(form, "password");
    if (password.length < SHORTEST) return setProblem(t("login.short"));
    if (password !== text(form, "repeat")) return setProblem(t("login.differ"));
    const name = text(form, "name").trim();
    try {
      await post("/first-login", { token: text(form, "token").trim(), password, ...(name ? { name } : {}) });
      if (name) await signIn(name, password, "");
      else onDone();
    } catch (e) {
      setProblem(e instanceof ApiError && e.status === 401 ? t("any.error", { why: e.message }) : reasonOf(e));
    }
  };
  return (
    <form class="card narrow" onSubmit={(e) => void submit(e)}>
      <h1>{t("login.first")}</h1>
      <p class="muted">{t("login.firstHelp")}</p>
      {problem && <p class="notice error" role="alert">{problem}</p>}
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
