import type { ComponentType } from "preact";
import { get } from "../api/client";
import type { SiteDetail } from "../api/types";
import { desk } from "../desk";
import { named, t, type TextKey } from "../i18n";
import { siteState, withAlarms } from "../state";
import { useLoad } from "../ui/load";
import { Show, StateMark } from "../ui/parts";
import { type Place, to } from "../ui/router";
import { Alarms } from "./site/alarms";
import { Charts } from "./site/charts";
import { Commands } from "./site/commands";
import { Export } from "./site/export";
import { Laboratory } from "./site/laboratory";
import { Logbook } from "./site/logbook";
import { Quality } from "./site/quality";
import { Stations } from "./site/stations";

export interface TabProps { site: SiteDetail; reload: () => void }

const TABS: [string, TextKey, ComponentType<TabProps>][] = [
  ["charts", "site.charts", Charts],
  ["alarms", "site.alarms", Alarms],
  ["commands", "site.commands", Commands],
  ["quality", "site.quality", Quality],
  ["stations", "site.stations", Stations],
  ["laboratory", "site.laboratory", Laboratory],
  ["logbook", "site.logbook", Logbook],
  ["export", "site.export", Export],
];

const EVERY_S = 30;

export function SitePage({ place }: { place: Place }) {
  const id = place.path[1] ?? "";
  const [tab, , Tab] = TABS.find(([key]) => key === place.path[2]) ?? TABS[0]!;
  const loaded = useLoad(() => get<SiteDetail>(`/sites/${encodeURIComponent(id)}`), [id], { everyS: EVERY_S });
  return (
    <Show of={loaded}>
      {(site) => (
        <>
          <div class="row title">
            <h1>{named(site)}</h1>
            <StateMark state={withAlarms(siteState(site.stations, Date.now() * 1000), (desk.value?.alarms ?? []).filter((a) => a.site === site.id))} />
          </div>
          {site.note && <p class="muted">{site.note}</p>}
          <nav class="tabs" aria-label={named(site)}>
            {TABS.map(([key, text]) => (
              <a key={key} href={to("sites", id, key)} aria-current={key === tab ? "page" : undefined}>{t(text)}</a>
            ))}
          </nav>
          <Tab site={site} reload={loaded.reload} />
        </>
      )}
    </Show>
  );
}
