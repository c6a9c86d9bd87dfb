import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isOnline } from "./api/client";
import { waiting } from "./desk";
import { language, setLanguage, t } from "./i18n";
import { SignIn } from "./pages/signin";
import { Sites } from "./pages/sites";
import { may, resume, session, signOut } from "./session";
import { type Place, place, to } from "./ui/router";

type Page = ComponentType<{ place: Place }>;

/** Pages beside the first are fetched when they are opened. */
const LATER: Record<string, () => Promise<Page>> = {
  sites: () => import("./pages/site").then((m) => m.SitePage),
  alarms: () => import("./pages/alarms").then((m) => m.AlarmDesk),
  users: () => import("./pages/users").then((m) => m.Users),
  audit: () => import("./pages/audit").then((m) => m.Audit),
  account: () => import("./pages/account").then((m) => m.Account),
};

function Later({ name }: { name: string }) {
  const [page, setPage] = useState<{ name: string; Page: Page } | null>(null);
  useEffect(() => {
    void LATER[name]?.().then((Page) => setPage({ name, Page }));
  }, [name]);
  if (!page || page.name !== name) return <p class="muted" role="status">{t("any.loading")}</p>;
  return <page.Page place={place.value} />;
}

function Content() {
  const [first = "sites", second] = place.value.path;
  if (first === "sites" && !second) return <Sites />;
  if (LATER[first]) return <Later name={first} />;
  return <p>{t("any.notFound")}</p>;
}

function LanguageButton() {
  return (
    <button type="button" class="link" lang={language.value === "ja" ? "en" : "ja"}
      onClick={() => setLanguage(language.value === "ja" ? "en" : "ja")}>
      {t("nav.language")}
    </button>
  );
}

function Bar() {
  const here = place.value.path[0] ?? "sites";
  const link = (name: string, text: string) => (
    <a href={to(name)} aria-current={here === name ? "page" : undefined}>{text}</a>
  );
  return (
    <header class="bar">
      <a class="name" href={to("sites")}><img src="icon.svg" alt="" width="26" height="26" />{t("app.name")}</a>
      <nav aria-label={t("app.name")}>
        {link("sites", t("nav.sites"))}
        <a href={to("alarms")} aria-current={here === "alarms" ? "page" : undefined}>
          {t("nav.alarms")}{waiting() > 0 && <span class="count" aria-label={t("alarm.waiting", { n: waiting() })}>{waiting()}</span>}
        </a>
        {may("administrator") && link("users", t("nav.users"))}
        {may("auditor") && link("audit", t("nav.audit"))}
        {link("account", session.value?.full_name || session.value?.name || t("nav.account"))}
      </nav>
      <LanguageButton />
      <button type="button" onClick={() => void signOut()}>{t("nav.out")}</button>
    </header>
  );
}

export function App() {
  if (session.value === undefined) {
    return (
      <main>
        {isOnline.value ? <p role="status">{t("any.loading")}</p> : (
          <p class="notice error" role="alert">
            {t("any.offline")} <button type="button" class="link" onClick={() => void resume().catch(() => undefined)}>{t("any.retry")}</button>
          </p>
        )}
      </main>
    );
  }
  if (session.value === null) return <><div class="corner"><LanguageButton /></div><main tabIndex={-1}><SignIn /></main></>;
  return (
    <>
      <a class="skip" href="#content" onClick={(e) => { e.preventDefault(); document.querySelector<HTMLElement>("main")?.focus(); }}>
        {t("app.skip")}
      </a>
      <Bar />
      <main id="content" tabIndex={-1}>
        {!isOnline.value && <p class="notice" role="status">{t("any.offline")}</p>}
        <Content />
      </main>
    </>
  );
}
