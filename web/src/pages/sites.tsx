import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { get } from "../api/client";
import type { Site, SiteValue } from "../api/types";
import { named, t } from "../i18n";
import { ago, fixed } from "../i18n/format";
import { desk } from "../desk";
import { may } from "../session";
import { isBeyond, isUnseen, type Level, listedState, tally, withAlarms, worstFirst } from "../state";
import { useLoad } from "../ui/load";
import { Show, StateMark, Table } from "../ui/parts";
import { to } from "../ui/router";

const EVERY_S = 30;
const AddSite = lazy(() => import("./addsite").then((m) => m.AddSite));
const SiteMap = lazy(() => import("../map/map").then((m) => m.SiteMap));

/** The last values of a site; the station's name only where there are several. */
function Values({ of }: { of: SiteValue[] }) {
  const several = new Set(of.map((v) => v.station)).size > 1;
  return (
    <ul class="chips">
      {of.map((v) => (
        <li key={v.channel} class={isBeyond(v) ? "beyond" : ""}>
          <span class="muted">{several ? `${named({ name: v.station, name_ja: v.station_ja })} ` : ""}{named({ name: v.name || v.key, name_ja: v.name_ja })}</span>{" "}
          <strong>{v.kind === "below_loq" ? "<" : ""}{fixed(v.value, v.decimals)}</strong> {v.symbol}
          {isBeyond(v) && <span class="beyondword"> {t("chart.beyond")}</span>}
        </li>
      ))}
    </ul>
  );
}

function Tally({ levels }: { levels: Level[] }) {
  return (
    <ul class="tally" aria-label={t("sites.tally")}>
      {tally(levels).map(([level, n]) => <li key={level}><StateMark state={level} /> <strong>{n}</strong></li>)}
    </ul>
  );
}

function Overview({ sites }: { sites: Site[] }) {
  const alarms = desk.value?.alarms ?? [];
  const state = (s: Site): Level => withAlarms(listedState(s), alarms.filter((a) => a.site === s.id));
  const unseen = (s: Site): number => alarms.filter((a) => a.site === s.id && isUnseen(a)).length;
  const pins = sites.map((s) => ({ ...s, latitude_deg: s.latitude, longitude_deg: s.longitude, state: state(s) }));
  return (
    <>
      {sites.length > 1 && <Tally levels={sites.map(state)} />}
      <div class="grid overview">
        <section class="card">
          <h2>{t("sites.list")}</h2>
          <Table stack label={t("sites.list")} rows={worstFirst(sites, state)} none={t("sites.none")} tone={state} columns={[
            { head: t("nav.sites"), cell: (s) => <span><a class="big" href={to("sites", s.id)}>{named(s)}</a><br /><span class="small muted">{t("sites.stations", { n: s.n_stations })}</span></span> },
            { head: t("sites.state"), cell: (s) => (
              <span><StateMark state={state(s)} />
                {unseen(s) > 0 && <><br /><a class="small" href={to("alarms")}>{t("alarm.waiting", { n: unseen(s) })}</a></>}
                {s.n_late > 0 && <><br /><span class="small muted">{t("sites.late", { n: s.n_late })}</span></>}
              </span>
            ) },
            { head: t("sites.values"), cell: (s) => (s.values?.length ? <Values of={s.values} /> : null) },
            { head: t("sites.last"), cell: (s) => ago(s.last_record_us) },
          ]} />
        </section>
        {pins.some((p) => p.latitude_deg != null) && (
          <section class="card">
            <h2>{t("sites.map")}</h2>
            <Suspense fallback={<div class="map" />}><SiteMap pins={pins} /></Suspense>
          </section>
        )}
      </div>
    </>
  );
}

export function Sites() {
  const [adds, setAdds] = useState(false);
  const loaded = useLoad(() => get<{ sites: Site[] }>("/sites"), [], { everyS: EVERY_S, topics: ["points"] });
  return (
    <>
      <h1>{t("sites.title")}</h1>
      <Show of={loaded}>{(v) => <Overview sites={v.sites} />}</Show>
      {may("administrator") && loaded.value && (
        <details class="card" open={loaded.value.sites.length === 0} onToggle={(e) => setAdds(e.currentTarget.open)}>
          <summary>{t("setup.addSite")}</summary>
          {(adds || loaded.value.sites.length === 0) && <Suspense fallback={null}><AddSite done={loaded.reload} /></Suspense>}
        </details>
      )}
    </>
  );
}
