import { useState } from "preact/hooks";
import { address, get, post } from "../../api/client";
import { LOG_KINDS, type LogEntry, type LogKind, type SiteDetail } from "../../api/types";
import { named, t } from "../../i18n";
import { when } from "../../i18n/format";
import { may } from "../../session";
import { fiscalYears } from "../../state";
import { japanField, japanNow, japanUs, numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Field, Show, Table } from "../../ui/parts";
import type { TabProps } from "../site";
import { StationOptions } from "./channel";

const kindText = (kind: LogKind): string => t(`log.${kind}`);
const yen = (x: number | null): string => (x === null ? "" : x.toLocaleString("ja-JP"));

function Entry({ site, old, done }: { site: SiteDetail; old: LogEntry | null; done: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    const station = String(v.get("station"));
    await post(`/sites/${site.id}/logbook`, {
      station: station ? Number(station) : null, at_us: japanUs(String(v.get("at"))), kind: String(v.get("kind")), text: String(v.get("text")).trim(),
      cost_yen: numberOf(v, "cost"), hours: numberOf(v, "hours"), ...(old ? { replaces: old.id } : {}),
    });
    done();
  };
  return (
    <SaveForm title={old ? t("log.correct", { n: old.id }) : t("log.add")} onSave={save}>
      <div class="fields">
        <Field label={t("log.when")}><input type="datetime-local" name="at" required defaultValue={old ? japanField(old.at_us) : japanNow()} /></Field>
        <Field label={t("log.kind")}>
          <select name="kind">{LOG_KINDS.map((k) => <option key={k} value={k} selected={k === (old?.kind ?? "visit")}>{kindText(k)}</option>)}</select>
        </Field>
        <Field label={t("storm.station")}>
          <select name="station" defaultValue={String(old?.station ?? "")}><option value="">{t("log.wholeSite")}</option><StationOptions stations={site.stations} /></select>
        </Field>
        <Field label={t("log.costYen")}><input name="cost" inputMode="numeric" defaultValue={old?.cost_yen ?? ""} /></Field>
        <Field label={t("log.hours")}><input name="hours" inputMode="decimal" defaultValue={old?.hours ?? ""} /></Field>
      </div>
      <Field label={t("log.text")}><textarea name="text" rows={3} required maxLength={4000} defaultValue={old?.text ?? ""} placeholder={t("log.example")} /></Field>
    </SaveForm>
  );
}

function Years({ entries }: { entries: LogEntry[] }) {
  const years = fiscalYears(entries);
  if (years.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("log.years")}</h2>
      <Table label={t("log.years")} rows={years} none="" columns={[
        { head: t("log.year"), cell: (y) => t("log.fiscal", { n: y.year }) },
        { head: t("log.costYen"), cell: (y) => yen(y.cost_yen), isNumber: true },
        { head: t("log.hours"), cell: (y) => y.hours || "", isNumber: true },
        { head: t("log.visit"), cell: (y) => y.of.visit ?? 0, isNumber: true },
        { head: t("log.maintenance"), cell: (y) => y.of.maintenance ?? 0, isNumber: true },
        { head: t("log.fault"), cell: (y) => y.of.fault ?? 0, isNumber: true },
      ]} />
    </section>
  );
}

export function Logbook({ site }: TabProps) {
  const loaded = useLoad(() => get<{ entries: LogEntry[] }>(`/sites/${site.id}/logbook`), [site.id], { topics: ["records"], site: site.id });
  const [old, setOld] = useState<LogEntry | null>(null);
  const [kind, setKind] = useState("");
  const isOperator = may("operator", site.id);
  return (
    <>
      {isOperator && (
        <div id="log-entry">
          <Entry key={old?.id ?? 0} site={site} old={old} done={() => { setOld(null); loaded.reload(); }} />
          {old && <p><button type="button" onClick={() => setOld(null)}>{t("any.cancel")}</button></p>}
        </div>
      )}
      <Show of={loaded}>
        {(v) => (
          <>
            <section class="card">
              <div class="row title">
                <h2>{t("log.title")}</h2>
                <label class="inline">{t("log.kind")} <select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
                  <option value="">{t("log.allKinds")}</option>{LOG_KINDS.map((k) => <option key={k} value={k}>{kindText(k)}</option>)}
                </select></label>
                <a class="button" download href={address(`/sites/${site.id}/logbook?format=csv`)}>{t("export.csv")}</a>
              </div>
              <Table stack label={t("log.title")} rows={[...v.entries].reverse().filter((e) => !kind || e.kind === kind)} none={isOperator ? t("log.none") : t("log.noneViewer")} columns={[
                { head: t("log.when"), cell: (e) => when(e.at_us) },
                { head: t("log.kind"), cell: (e) => kindText(e.kind) },
                { head: t("storm.station"), cell: (e) => named(site.stations.find((s) => s.id === e.station) ?? { name: "" }) },
                { head: t("log.text"), cell: (e) => `${e.text}${e.replaces ? ` ${t("any.replaces", { n: e.replaces })}` : ""}` },
                { head: t("log.costYen"), cell: (e) => yen(e.cost_yen), isNumber: true },
                { head: t("log.hours"), cell: (e) => e.hours ?? "", isNumber: true },
                { head: t("log.author"), cell: (e) => e.author },
                ...(isOperator ? [{ head: t("any.do"), cell: (e: LogEntry) => (
                  <button type="button" onClick={() => { setOld(e); document.getElementById("log-entry")?.scrollIntoView(); }}>{t("any.correct")}</button>
                ) }] : []),
              ]} />
            </section>
            <Years entries={v.entries} />
          </>
        )}
      </Show>
    </>
  );
}
