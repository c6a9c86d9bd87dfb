import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { get } from "../api/client";
import type { Site } from "../api/types";
import { named, t } from "../i18n";
import { ago } from "../i18n/format";
import { desk } from "../desk";
import { may } from "../session";
import { listedState, withAlarms } from "../state";
import { useLoad } from "../ui/load";
import { Show, StateMark, Table } from "../ui/parts";
import { to } from "../ui/router";

const EVERY_S = 30;
const AddSite = lazy(() => import("./addsite").then((m) => m.AddSite));
const SiteMap = lazy(() => import("../map/map").then((m) => m.SiteMap));

function Overview({ sites }: { sites: Site[] }) {
  const nowUs = Date.now() * 1000;
  const state = (s: Site): string => withAlarms(listedState(s, nowUs), (desk.value?.alarms ?? []).filter((a) => a.site === s.id));
  const pins = sites.map((s) => ({ ...s, latitude_deg: s.latitude, longitude_deg: s.longitude, state: state(s) }));
  return (
    <div class="grid">
      <section class="card">
        <h2>{t("sites.list")}</h2>
        <Table label={t("sites.list")} rows={sites} none={t("sites.none")} columns={[
          { head: t("nav.sites"), cell: (s) => <a href={to("sites", s.id)}>{named(s)}</a> },
          { head: t("sites.state"), cell: (s) => <StateMark state={state(s)} /> },
          { head: t("sites.last"), cell: (s) => ago(s.last_record_us) },
          { head: t("site.stations"), cell: (s) => s.n_stations, isNumber: true },
        ]} />
      </section>
      {pins.some((p) => p.latitude_deg != null) && (
        <section class="card">
          <h2>{t("sites.map")}</h2>
          <Suspense fallback={<div class="map" />}><SiteMap pins={pins} /></Suspense>
        </section>
      )}
    </div>
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
