import { useState } from "preact/hooks";
import { address, get, patch, post, put, query } from "../../api/client";
import type { Alarm, AlarmEvent, Catalogue, SiteDetail, Storm, Target, Targets } from "../../api/types";
import { named, t } from "../../i18n";
import { span } from "../../i18n/format";
import { desk, refresh } from "../../desk";
import { may } from "../../session";
import { byUrgency } from "../../state";
import { numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Field, Show, Table } from "../../ui/parts";
import { Actions, Events, Priority, Stand } from "../alarmparts";
import type { TabProps } from "../site";
import { ChangeRule, NewRule, minutes, ruleText } from "./alarmrule";

const DAY_US = 86_400e6;

function Rules({ alarms, targets, changed }: { alarms: Alarm[]; targets: Target[]; changed: () => void }) {
  const [changing, setChanging] = useState<Alarm | null>(null);
  const turn = async (a: Alarm): Promise<void> => {
    await patch(`/alarms/${a.id}`, { active: !a.active });
    changed();
  };
  return (
    <>
      <Table stack label={t("alarm.rules")} rows={alarms} none={t("alarm.noRules")} columns={[
        { head: t("alarm.priority"), cell: (a) => <Priority n={a.priority} /> },
        { head: t("alarm.name"), cell: (a) => <span><strong>{named(a)}</strong><br /><span class="small muted">{named({ name: a.station_name, name_ja: a.station_name_ja })} / {named({ name: a.channel_name, name_ja: a.channel_name_ja })}</span></span> },
        { head: t("alarm.kind"), cell: (a) => t(`alarmkind.${a.kind}` as "alarmkind.high") },
        { head: t("alarm.threshold"), cell: (a) => ruleText(a, targets) },
        { head: t("sites.state"), cell: (a) => <Stand of={a} /> },
        { head: t("any.do"), cell: (a) => (
          <span class="row">
            <Actions key={a.id} of={a} onDone={changed} />
            {may("engineer", a.site) && <button type="button" onClick={() => setChanging(a)}>{t("setup.change")}</button>}
            {may("engineer", a.site) && <button type="button" onClick={() => void turn(a)}>{a.active ? t("alarm.turnOff") : t("alarm.turnOn")}</button>}
          </span>
        ) },
      ]} />
      {changing && <ChangeRule of={changing} targets={targets} onDone={() => { setChanging(null); changed(); }} />}
    </>
  );
}

function Whom({ site, loaded }: { site: SiteDetail; loaded: { value: Targets | null; reload(): void } }) {
  const v = loaded.value;
  if (!v) return null;
  const add = async (f: FormData): Promise<void> => {
    await post(`/sites/${site.id}/targets`, { kind: String(f.get("kind")), name: String(f.get("name")).trim(), address: String(f.get("address")).trim() });
    loaded.reload();
  };
  const turn = async (id: number, active: boolean): Promise<void> => {
    await patch(`/targets/${id}`, { active });
    loaded.reload();
  };
  return (
    <div class="grid">
      <section class="card">
        <h2>{t("target.title")}</h2>
        {!v.mail && !v.webhook && <p class="muted">{t("target.off")}</p>}
        <Table label={t("target.title")} rows={v.targets} none={t("target.none")} columns={[
          { head: t("account.tokenName"), cell: (x) => x.name },
          { head: t("target.kind"), cell: (x) => t(`target.${x.kind}`) },
          { head: t("target.address"), cell: (x) => <code>{x.address}</code> },
          { head: t("any.do"), cell: (x) => <button type="button" onClick={() => void turn(x.id, !x.active)}>{x.active ? t("alarm.turnOff") : t("alarm.turnOn")}</button> },
        ]} />
        {v.failed.length > 0 && <p class="notice error" role="status">{t("target.failed", { n: v.failed.length, why: v.failed[0]!.error })}</p>}
      </section>
      {(v.mail || v.webhook) && (
        <SaveForm title={t("target.add")} onSave={add}>
          <div class="fields">
            <Field label={t("target.kind")}>
              <select name="kind">{v.mail && <option value="mail">{t("target.mail")}</option>}{v.webhook && <option value="webhook">{t("target.webhook")}</option>}</select>
            </Field>
            <Field label={t("account.tokenName")}><input name="name" required /></Field>
            <Field label={t("target.address")}><input name="address" required autocomplete="off" /></Field>
          </div>
        </SaveForm>
      )}
    </div>
  );
}

function StormForm({ site, storms, changed }: { site: SiteDetail; storms: Storm[]; changed: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    await put(`/stations/${Number(v.get("station"))}/storm`, { interval_s: numberOf(v, "interval") ?? 0, hold_s: minutes(v, "hold") });
    changed();
  };
  return (
    <SaveForm title={t("storm.title")} onSave={save}>
      <p class="muted">{t("storm.help")}</p>
      <ul>
        {site.stations.map((s) => {
          const m = storms.find((x) => x.station === s.id);
          return <li key={s.id}>{named(s)}: {m ? `${m.on ? t("storm.on") : t("storm.ready")} (${span(m.interval_s)})` : t("storm.none")}</li>;
        })}
      </ul>
      <div class="fields">
        <Field label={t("storm.station")}><select name="station">{site.stations.map((s) => <option key={s.id} value={s.id}>{named(s)}</option>)}</select></Field>
        <Field label={t("storm.interval")}><input name="interval" type="number" min={0} max={3600} defaultValue="60" required /></Field>
        <Field label={t("storm.hold")}><input name="hold" inputMode="decimal" defaultValue="60" /></Field>
      </div>
    </SaveForm>
  );
}

function SiteEvents({ site }: { site: SiteDetail }) {
  const to = Math.round(Date.now() * 1000 + DAY_US);
  const q = (format?: string): string => query({ from: to - 31 * DAY_US, to, format });
  const loaded = useLoad(() => get<{ events: AlarmEvent[] }>(`/sites/${site.id}/alarm-events${q()}`), [site.id], { everyS: 30, topics: ["alarms"], site: site.id });
  return (
    <section class="card">
      <div class="row"><h2>{t("alarm.month")}</h2><a class="button" download href={address(`/sites/${site.id}/alarm-events${q("csv")}`)}>{t("export.csv")}</a></div>
      <Show of={loaded}>{(v) => <Events events={[...v.events].reverse().slice(0, 200)} symbol="" label={t("alarm.month")} />}</Show>
    </section>
  );
}

export function Alarms({ site }: TabProps) {
  const isEngineer = may("engineer", site.id);
  const kinds = useLoad(() => get<Catalogue>("/catalogue"), []);
  const targets = useLoad<Targets>(() => (isEngineer ? get<Targets>(`/sites/${site.id}/targets`)
    : Promise.resolve({ targets: [], mail: false, webhook: false, failed: [] })), [site.id]);
  const changed = (): void => void refresh().catch(() => undefined);
  const own = (desk.value?.alarms ?? []).filter((a) => a.site === site.id).sort(byUrgency);
  return (
    <>
      <section class="card"><h2>{t("alarm.rules")}</h2><Rules alarms={own} targets={targets.value?.targets ?? []} changed={changed} /></section>
      {isEngineer && kinds.value && targets.value && site.stations.length > 0 && (
        <>
          <NewRule site={site} kinds={kinds.value.alarm_kinds} targets={targets.value.targets} changed={changed} />
          <Whom site={site} loaded={targets} />
          <StormForm site={site} storms={(desk.value?.storms ?? []).filter((s) => s.site === site.id)} changed={changed} />
        </>
      )}
      <SiteEvents site={site} />
    </>
  );
}
