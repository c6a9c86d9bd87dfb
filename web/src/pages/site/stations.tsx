import { named, t } from "../../i18n";
import { ago, span, when } from "../../i18n/format";
import { stationState } from "../../state";
import { StateMark, Table } from "../../ui/parts";
import type { TabProps } from "../site";

const HOLES_SHOWN = 20;

export function Stations({ site }: TabProps) {
  if (site.stations.length === 0) return <p class="muted">{t("station.none")}</p>;
  const nowUs = Date.now() * 1000;
  return (
    <div class="grid">
      {site.stations.map((s) => (
        <section key={s.id} class="card">
          <div class="row"><h2>{named(s)}</h2><StateMark state={stationState(s, nowUs)} /></div>
          <dl class="facts">
            <dt>{t("station.seen")}</dt>
            <dd>{when(s.health.last_record_us, "second")} ({ago(s.health.last_record_us)})</dd>
            <dt>{t("station.received")}</dt><dd>{ago(s.health.last_received_us)}</dd>
            <dt>{t("station.interval")}</dt><dd>{s.interval_s ? span(s.interval_s) : t("station.irregular")}</dd>
            <dt>{t("station.records")}</dt><dd>{s.health.received}</dd>
            <dt>{t("station.gaps")}</dt><dd>{s.health.missing}</dd>
            <dt>{t("station.transport")}</dt><dd>{s.transport}</dd>
          </dl>
          {s.health.holes.length > 0 && (
            <Table label={t("station.gaps")} rows={s.health.holes.slice(0, HOLES_SHOWN)} none="" columns={[
              { head: t("station.first"), cell: (h) => h.first, isNumber: true },
              { head: t("station.last"), cell: (h) => h.last, isNumber: true },
              { head: t("station.gaps"), cell: (h) => h.last - h.first + 1, isNumber: true },
            ]} />
          )}
        </section>
      ))}
    </div>
  );
}
