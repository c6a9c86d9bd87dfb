import { useEffect, useState } from "preact/hooks";
import type { Alarm, Storm } from "../api/types";
import { desk, refresh } from "../desk";
import { named, t } from "../i18n";
import { ago, number, span, when } from "../i18n/format";
import { isLive, listen } from "../live";
import { byUrgency, isStanding, isUnseen } from "../state";
import { Table } from "../ui/parts";
import { to } from "../ui/router";
import { Actions, placeOf, Priority, Stand } from "./alarmparts";

const EVERY_S = 3;

export function StormNotice({ storms, alarms }: { storms: Storm[]; alarms: Alarm[] }) {
  const on = storms.filter((s) => s.on);
  if (on.length === 0) return null;
  const nameOf = (s: Storm): string => {
    const a = alarms.find((x) => x.station === s.station);
    return a ? `${named({ name: a.site_name, name_ja: a.site_name_ja })} / ${named({ name: a.station_name, name_ja: a.station_name_ja })}` : String(s.station);
  };
  return (
    <p class="notice" role="status">
      <strong>{t("storm.on")}</strong> {on.map((s) => t("storm.every", { station: nameOf(s), every: span(s.interval_s) })).join(" · ")}
    </p>
  );
}

function since(a: Alarm): string {
  if (a.stand === "shelved") return t("alarm.until", { when: when(a.state.shelved_until) });
  return isStanding(a) || isUnseen(a) ? ago(a.state.activated) : "";
}

/** Alarms of all sites, the most urgent first; fetched often while it is open. */
export function AlarmDesk() {
  const [all, setAll] = useState(false);
  useEffect(() => {
    const ask = (): void => void (document.visibilityState === "visible" && refresh().catch(() => undefined));
    ask();
    const timer = setInterval(() => !isLive.value && ask(), EVERY_S * 1000);
    const stop = listen({ topics: ["points"], hear: ask }, EVERY_S * 1000); // the values at the alarms
    return () => {
      clearInterval(timer);
      stop();
    };
  }, []);
  const now = desk.value;
  if (!now) return <p class="muted" role="status">{t("any.loading")}</p>;
  const shown = now.alarms.filter((a) => all || (a.active && a.stand !== "normal")).sort(byUrgency);
  const unseen = now.alarms.filter(isUnseen).length;
  return (
    <>
      <h1>{t("alarm.title")}</h1>
      <StormNotice storms={now.storms} alarms={now.alarms} />
      <section class="card">
        <div class="row">
          <p role="status" aria-live="polite"><strong>{t("alarm.waiting", { n: unseen })}</strong> {t("alarm.standing", { n: now.alarms.filter(isStanding).length })}</p>
          <label class="inline"><input type="checkbox" checked={all} onChange={() => setAll(!all)} /> {t("alarm.all")}</label>
        </div>
        <Table stack label={t("alarm.title")} rows={shown} none={t("alarm.none")} columns={[
          { head: t("alarm.priority"), cell: (a) => <Priority n={a.priority} /> },
          { head: t("alarm.name"), cell: (a) => <span><strong>{named(a)}</strong><br /><a class="small" href={to("sites", a.site)}>{placeOf(a)}</a></span> },
          { head: t("sites.state"), cell: (a) => <Stand of={a} /> },
          { head: t("lab.value"), cell: (a) => (a.state.has_value ? `${number(a.state.value)} ${a.symbol}` : ""), isNumber: true },
          { head: t("alarm.since"), cell: since },
          { head: t("any.do"), cell: (a) => <Actions key={a.id} of={a} onDone={() => void refresh().catch(() => undefined)} /> },
        ]} />
      </section>
    </>
  );
}
