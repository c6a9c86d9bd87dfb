import { useState } from "preact/hooks";
import { get, patch, post } from "../../api/client";
import type { Catalogue, Channel, SiteDetail, Station } from "../../api/types";
import { named, t } from "../../i18n";
import { number } from "../../i18n/format";
import { numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Dialog, Field, Table } from "../../ui/parts";
import { KEY_PATTERN, NameFields, names, word } from "../addsite";
import { labelOf } from "./channel";
import { Profiles } from "./profiles";
import { quantityTitle } from "./laboratory";

const TRANSPORTS = ["mqtt", "chirpstack", "tts", "http"] as const;
const NETWORK_SERVERS = ["chirpstack", "tts"];

function AddStation({ site, done }: { site: SiteDetail; done: () => void }) {
  const [transport, setTransport] = useState<string>("mqtt");
  const isRadio = NETWORK_SERVERS.includes(transport);
  const save = async (v: FormData): Promise<void> => {
    await post(`/sites/${site.id}/stations`, {
      key: word(v, "key"), ...names(v), transport, interval_s: Math.round((numberOf(v, "interval") ?? 0) * 60), ...(isRadio ? { address: word(v, "address") } : {}),
    });
    done();
  };
  return (
    <SaveForm title={t("setup.addStation")} onSave={save}>
      <p class="muted">{t("setup.stationHelp", { site: site.key })}</p>
      <div class="fields">
        <Field label={t("setup.key")}><input name="key" required pattern={KEY_PATTERN} placeholder="outlet" autocomplete="off" /></Field>
        <NameFields />
        <Field label={t("station.transport")}>
          <select value={transport} onChange={(e) => setTransport(e.currentTarget.value)}>{TRANSPORTS.map((x) => <option key={x} value={x}>{t(`transport.${x}`)}</option>)}</select>
        </Field>
        {isRadio && <Field label={t("setup.address")}><input name="address" required maxLength={63} placeholder="0101010101010101" autocomplete="off" /></Field>}
        <Field label={t("setup.interval")}><input name="interval" inputMode="decimal" defaultValue="10" /></Field>
      </div>
    </SaveForm>
  );
}

function ChannelNumbers({ of }: { of?: Channel }) {
  return (
    <>
      <Field label={t("setup.decimals")}><input name="decimals" type="number" min={0} max={9} required defaultValue={String(of?.decimals ?? 2)} /></Field>
      <Field label={t("setup.low")}><input name="low" inputMode="decimal" defaultValue={of?.low ?? ""} /></Field>
      <Field label={t("setup.high")}><input name="high" inputMode="decimal" defaultValue={of?.high ?? ""} /></Field>
    </>
  );
}

const numbers = (v: FormData): { decimals: number; low: number | null; high: number | null } =>
  ({ decimals: Number(v.get("decimals")), low: numberOf(v, "low"), high: numberOf(v, "high") });

function AddChannel({ site, catalogue, done }: { site: SiteDetail; catalogue: Catalogue; done: () => void }) {
  const [key, setKey] = useState("ph");
  const quantity = catalogue.quantities.find((q) => q.key === key);
  const units = quantity ? (quantity.unit === "" ? [] : catalogue.units.filter((u) => u.dimension === quantity.dimension)) : catalogue.units;
  const save = async (v: FormData): Promise<void> => {
    await post(`/stations/${Number(v.get("station"))}/channels`, { key: word(v, "key"), ...names(v), quantity: key, unit: word(v, "unit"), ...numbers(v) });
    done();
  };
  return (
    <SaveForm title={t("setup.addChannel")} onSave={save}>
      <p class="muted">{t("setup.channelHelp")}</p>
      <div class="fields">
        <Field label={t("storm.station")}><select name="station">{site.stations.map((s) => <option key={s.id} value={s.id}>{named(s)}</option>)}</select></Field>
        <Field label={t("lab.quantity")}>
          <select value={key} onChange={(e) => setKey(e.currentTarget.value)}>
            {catalogue.quantities.map((q) => <option key={q.key} value={q.key}>{quantityTitle(q)}</option>)}
            <option value="">{t("setup.noQuantity")}</option>
          </select>
        </Field>
        {(units.length > 0) && (
          <Field label={t("lab.unit")}>
            <select key={key} name="unit">
              {!quantity && <option value="">–</option>}
              {units.map((u) => <option key={u.key} value={u.key} selected={u.key === quantity?.unit}>{u.symbol}</option>)}
            </select>
          </Field>
        )}
        <Field label={t("setup.key")}><input key={key} name="key" required pattern={KEY_PATTERN} defaultValue={key} autocomplete="off" /></Field>
        <NameFields key={key} ja={quantity?.title_ja} en={quantity?.title} />
        <ChannelNumbers />
      </div>
    </SaveForm>
  );
}

function ChangeChannel({ channel, done }: { channel: Channel; done: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    await patch(`/channels/${channel.id}`, { ...names(v), ...numbers(v) });
    done();
  };
  return (
    <Dialog title={`${t("setup.change")}: ${labelOf(channel)}`} onClose={done}>
      <SaveForm title="" onSave={save}>
        <p class="muted">{t("setup.changeHelp")}</p>
        <div class="fields"><NameFields ja={channel.name_ja} en={channel.name} /><ChannelNumbers of={channel} /></div>
      </SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}

function Channels({ stations, change }: { stations: Station[]; change: (c: Channel) => void }) {
  const rows = stations.flatMap((s) => s.channels.map((c) => ({ s, c })));
  return (
    <Table stack label={t("setup.channels")} rows={rows} none={t("setup.noChannels")} columns={[
      { head: t("storm.station"), cell: ({ s }) => named(s) },
      { head: t("lab.quantity"), cell: ({ c }) => labelOf(c) },
      { head: t("setup.key"), cell: ({ c }) => <code>{c.key}</code> },
      { head: t("lab.unit"), cell: ({ c }) => c.symbol },
      { head: t("chart.limit"), cell: ({ c }) => (c.low === null && c.high === null ? "" : `${c.low === null ? "" : number(c.low)} – ${c.high === null ? "" : number(c.high)}`) },
      { head: t("any.do"), cell: ({ c }) => <button type="button" onClick={() => change(c)}>{t("setup.change")}</button> },
    ]} />
  );
}

/** What an engineer sets up: stations, what they measure, names and limits. */
export function Setup({ site, reload }: { site: SiteDetail; reload: () => void }) {
  const catalogue = useLoad(() => get<Catalogue>("/catalogue"), []);
  const [wasEmpty] = useState(site.stations.length === 0); // who begins goes on
  const [changing, setChanging] = useState<Channel | null>(null);
  const [layouts, setLayouts] = useState<Station | null>(null);
  return (
    <details class="card" open={wasEmpty}>
      <summary>{t("setup.title")}</summary>
      {site.stations.length > 0 && (
        <div class="row spaced">
          {t("profile.open")} {site.stations.map((s) => <button key={s.id} type="button" onClick={() => setLayouts(s)}>{named(s)} ({s.profiles?.length ?? 0})</button>)}
        </div>
      )}
      {layouts && <Profiles station={layouts} done={() => { setLayouts(null); reload(); }} />}
      <Channels stations={site.stations} change={setChanging} />
      {changing && <ChangeChannel channel={changing} done={() => { setChanging(null); reload(); }} />}
      <div class="grid">
        <AddStation site={site} done={reload} />
        {catalogue.value && site.stations.length > 0 && <AddChannel site={site} catalogue={catalogue.value} done={reload} />}
      </div>
    </details>
  );
}
