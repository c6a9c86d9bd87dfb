import { get } from "../../api/client";
import type { Channel, Latest, Station } from "../../api/types";
import { desk } from "../../desk";
import { named, t } from "../../i18n";
import { ago, number, span, when } from "../../i18n/format";
import { may } from "../../session";
import { stationState } from "../../state";
import { useLoad } from "../../ui/load";
import { StateMark, Table } from "../../ui/parts";
import type { TabProps } from "../site";
import { labelOf } from "./channel";
import { Setup } from "./setup";

const HOLES_SHOWN = 20;
const EVERY_S = 20;
const TRANSPORTS = ["mqtt", "chirpstack", "tts", "http"];

/** Channels that tell how the station itself fares; a channel with an alarm for the battery is one whatever its name. */
const isBattery = (c: Channel): boolean => /batt|vbat/.test(c.key) || (desk.value?.alarms ?? []).some((a) => a.channel === c.id && a.kind === "battery");
const isSignal = (c: Channel): boolean => /rssi|snr|signal|lqi/.test(c.key);

function Vitals({ station, latest }: { station: Station; latest: Latest[] }) {
  const own = station.channels.filter((c) => isBattery(c) || isSignal(c));
  const radio = station.health.radio;
  if (station.channels.length > 0 && own.length === 0 && !radio) return <p class="muted small">{t("station.noVitals")}</p>;
  return (
    <dl class="facts">
      {own.map((c) => {
        const l = latest.find((x) => x.channel === c.id);
        const low = c.low !== null && l?.value != null && l.value < c.low;
        return (
          <>
            <dt>{labelOf(c)}</dt>
            <dd>{l ? <><strong>{number(l.value)} {c.symbol}</strong> <span class="muted">({ago(l.time_us)})</span></> : t("any.never")} {low && <StateMark state="warning" />}</dd>
          </>
        );
      })}
      {radio && (
        <>
          <dt>{t("station.radio")}</dt>
          <dd><strong>{number(radio.rssi_dbm)} dBm</strong> {t("station.gateways", { n: radio.gateways, snr: number(radio.snr_db) })}</dd>
        </>
      )}
    </dl>
  );
}

function Holes({ station }: { station: Station }) {
  const { holes } = station.health;
  if (holes.length === 0) return null;
  return (
    <>
      <p class="small">{t("station.holesHelp")}</p>
      <Table label={t("station.gaps")} rows={holes.slice(0, HOLES_SHOWN)} none="" columns={[
        { head: t("station.first"), cell: (h) => h.first, isNumber: true },
        { head: t("station.last"), cell: (h) => h.last, isNumber: true },
        { head: t("station.gaps"), cell: (h) => h.last - h.first + 1, isNumber: true },
      ]} />
      {holes.length > HOLES_SHOWN && <p class="muted small">{t("station.moreHoles", { n: holes.length - HOLES_SHOWN })}</p>}
    </>
  );
}

export function Stations({ site, reload }: TabProps) {
  const latest = useLoad(() => get<{ channels: Latest[] }>(`/sites/${site.id}/latest`), [site.id], { everyS: EVERY_S, topics: ["points"], site: site.id });
  const isEngineer = may("engineer", site.id);
  const nowUs = Date.now() * 1000;
  const newest = (s: Station): number | null =>
    Math.max(s.health.last_record_us ?? 0, ...(latest.value?.channels ?? []).filter((l) => s.channels.some((c) => c.id === l.channel)).map((l) => l.time_us)) || null;
  return (
    <>
    {site.stations.length === 0 && <p class="muted">{t("station.none")}</p>}
    <div class="grid">
      {site.stations.map((s) => {
        const isNumbered = s.health.received + s.health.missing > 0;
        return (
          <section key={s.id} class="card">
            <div class="row title"><h2>{named(s)}</h2>{s.channels.length > 0 && <StateMark state={stationState({ ...s, health: { ...s.health, last_record_us: newest(s) } }, nowUs)} />}</div>
            <Vitals station={s} latest={latest.value?.channels ?? []} />
            <dl class="facts">
              {s.channels.length > 0 && <><dt>{t("station.measured")}</dt><dd>{newest(s) ? `${when(newest(s), "second")} (${ago(newest(s))})` : t("any.never")}</dd></>}
              <dt>{t("station.received")}</dt><dd>{ago(s.health.last_received_us)}</dd>
              <dt>{t("station.interval")}</dt><dd>{s.interval_s ? span(s.interval_s) : t("station.irregular")}</dd>
              <dt>{t("station.records")}</dt><dd>{isNumbered ? s.health.received.toLocaleString("ja-JP") : t("station.unnumbered")}</dd>
              {isNumbered && <><dt>{t("station.gaps")}</dt><dd>{s.health.missing.toLocaleString("ja-JP")}</dd></>}
              <dt>{t("station.transport")}</dt><dd>{TRANSPORTS.includes(s.transport) ? t(`transport.${s.transport}` as "transport.mqtt") : s.transport}</dd>
            </dl>
            <Holes station={s} />
          </section>
        );
      })}
    </div>
    {isEngineer && <Setup site={site} reload={reload} />}
    </>
  );
}
