import { useState } from "preact/hooks";
import { ApiError, get, post } from "../api/client";
import type { Alarm, AlarmEvent } from "../api/types";
import { refresh } from "../desk";
import { named, t } from "../i18n";
import { number, when } from "../i18n/format";
import { may } from "../session";
import { SaveForm } from "../ui/form";
import { useLoad } from "../ui/load";
import { Dialog, Field, Problem, Show, Table } from "../ui/parts";

const HOURS = [1, 4, 8, 24];
const HOUR_US = 3600 * 1e6;

export const placeOf = (a: Alarm): string => [
  named({ name: a.site_name, name_ja: a.site_name_ja }), named({ name: a.station_name, name_ja: a.station_name_ja }),
  named({ name: a.channel_name, name_ja: a.channel_name_ja }),
].join(" / ");

/** State in words, weight and shape. */
export function Stand({ of }: { of: Alarm }) {
  const tone = !of.active ? "unknown" : of.stand === "normal" ? "ok" : of.stand.startsWith("shelved") || of.stand.endsWith("design") ||
    of.stand === "out-of-service" ? "silent" : of.stand === "returned-unacknowledged" ? "warning" : "alarm";
  return <span class={`state ${tone}`}>{of.active ? t(`stand.${of.stand}`) : t("alarm.off")}</span>;
}

export const Priority = ({ n }: { n: number }) => <span class={`priority p${n}`}>{n}</span>;

function Shelve({ of, onDone }: { of: Alarm; onDone: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    await post(`/alarms/${of.id}/actions`, { action: "shelve", note: String(v.get("note")).trim(), until_us: Math.round(Date.now() * 1000 + Number(v.get("hours")) * HOUR_US) });
    onDone();
  };
  return (
    <Dialog title={`${t("act.shelve")}: ${named(of)}`} onClose={onDone}>
      <SaveForm title={t("act.shelve")} onSave={save}>
        <Field label={t("alarm.shelveFor")}><select name="hours">{HOURS.map((h) => <option key={h} value={h}>{t("alarm.hours", { n: h })}</option>)}</select></Field>
        <Field label={t("alarm.why")}><input name="note" required maxLength={1000} /></Field>
      </SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}

const eventText = (e: AlarmEvent): string =>
  e.kind === "past" ? t("event.past") : e.kind === "clock" ? t("event.clock") : e.kind === "escalate" ? t("event.escalate") : t(`act.${e.action}` as "act.shelve");

export function Events({ events, symbol, label }: { events: AlarmEvent[]; symbol: string; label: string }) {
  return (
    <Table stack label={label} rows={events} none={t("alarm.noEvents")} columns={[
      { head: t("log.when"), cell: (e) => when(e.time_us, "second") },
      ...(events.some((e) => typeof e.alarm === "string") ? [{ head: t("alarm.name"), cell: (e: AlarmEvent) => named({ name: String(e.alarm), name_ja: e.alarm_ja }) }] : []),
      { head: t("alarm.event"), cell: eventText },
      { head: t("sites.state"), cell: (e) => t(`stand.${e.to}`) },
      { head: t("lab.value"), cell: (e) => (e.value === null ? "" : `${number(e.value)} ${symbol}`), isNumber: true },
      { head: t("audit.who"), cell: (e) => e.actor },
      { head: t("lab.note"), cell: (e) => e.note },
    ]} />
  );
}

function History({ of, onClose }: { of: Alarm; onClose: () => void }) {
  const loaded = useLoad(() => get<{ events: AlarmEvent[] }>(`/alarms/${of.id}/events`), [of.id]);
  return (
    <Dialog title={`${named(of)}: ${t("alarm.history")}`} onClose={onClose} wide>
      <Show of={loaded}>{(v) => <Events events={v.events} symbol={of.symbol} label={t("alarm.history")} />}</Show>
      <form method="dialog"><button class="main">{t("any.close")}</button></form>
    </Dialog>
  );
}

/** What can be done about an alarm where it stands now. The server refuses the rest, whatever is shown. */
export function Actions({ of, onDone }: { of: Alarm; onDone: () => void }) {
  const [open, setOpen] = useState<"" | "shelve" | "history">("");
  const [error, setError] = useState<ApiError | null>(null);
  const isOperator = may("operator", of.site) && of.active;
  const act = async (action: string, list: HTMLElement | null): Promise<void> => {
    try {
      await post(`/alarms/${of.id}/actions`, { action });
      setError(null);
    } catch (e) {
      setError(e as ApiError);
    }
    onDone();
    await refresh().catch(() => undefined);
    // the button is gone and its row may stand elsewhere: who works by keyboard goes on in the list, not at the top of the page
    setTimeout(() => document.activeElement === document.body && list?.focus(), 0);
  };
  const close = (): void => {
    setOpen("");
    onDone();
  };
  const button = (action: "acknowledge" | "reset" | "unshelve" | "return-to-service", main = false) => (
    <button type="button" class={main ? "main" : ""} onClick={(e) => void act(action, e.currentTarget.closest<HTMLElement>("[role=region]"))}>{t(`act.${action}`)}</button>
  );
  return (
    <span class="row">
      {isOperator && of.stand.endsWith("unacknowledged") && button("acknowledge", true)}
      {isOperator && of.stand === "latched-acknowledged" && button("reset", true)}
      {isOperator && of.stand === "shelved" && button("unshelve")}
      {may("engineer", of.site) && of.stand === "out-of-service" && button("return-to-service")}
      {isOperator && (of.stand === "normal" || of.stand.includes("acknowledged")) && (
        <button type="button" onClick={() => setOpen("shelve")}>{t("act.shelve")}</button>
      )}
      <button type="button" class="link" onClick={() => setOpen("history")}>{t("alarm.history")}</button>
      <Problem error={error} />
      {open === "shelve" && <Shelve of={of} onDone={close} />}
      {open === "history" && <History of={of} onClose={close} />}
    </span>
  );
}
