import { get, post } from "../../api/client";
import { LOG_KINDS, type LogEntry, type LogKind } from "../../api/types";
import { t } from "../../i18n";
import { when } from "../../i18n/format";
import { may } from "../../session";
import { japanNow, japanUs, numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Field, Show, Table } from "../../ui/parts";
import type { TabProps } from "../site";

const kindText = (kind: LogKind): string => t(`log.${kind}`);

export function Logbook({ site }: TabProps) {
  const loaded = useLoad(() => get<{ entries: LogEntry[] }>(`/sites/${site.id}/logbook`), [site.id]);
  const save = async (v: FormData): Promise<void> => {
    await post(`/sites/${site.id}/logbook`, {
      at_us: japanUs(String(v.get("at"))), kind: String(v.get("kind")), text: String(v.get("text")).trim(),
      cost_yen: numberOf(v, "cost"), hours: numberOf(v, "hours"),
    });
    loaded.reload();
  };
  return (
    <>
      {may("operator", site.id) && (
        <SaveForm title={t("log.add")} onSave={save}>
          <div class="fields">
            <Field label={t("log.when")}><input type="datetime-local" name="at" required defaultValue={japanNow()} /></Field>
            <Field label={t("log.kind")}>
              <select name="kind">{LOG_KINDS.map((k) => <option key={k} value={k}>{kindText(k)}</option>)}</select>
            </Field>
            <Field label={t("log.costYen")}><input name="cost" inputMode="numeric" /></Field>
            <Field label={t("log.hours")}><input name="hours" inputMode="decimal" /></Field>
          </div>
          <Field label={t("log.text")}><textarea name="text" rows={3} required maxLength={4000} /></Field>
        </SaveForm>
      )}
      <section class="card">
        <h2>{t("log.title")}</h2>
        <Show of={loaded}>
          {(v) => (
            <Table label={t("log.title")} rows={v.entries} none={t("log.none")} columns={[
              { head: t("log.when"), cell: (e) => when(e.at_us) },
              { head: t("log.kind"), cell: (e) => kindText(e.kind) },
              { head: t("log.text"), cell: (e) => `${e.text}${e.replaces ? ` ${t("any.replaces", { n: e.replaces })}` : ""}` },
              { head: t("log.costYen"), cell: (e) => (e.cost_yen === null ? "" : e.cost_yen.toLocaleString("ja-JP")), isNumber: true },
              { head: t("log.hours"), cell: (e) => e.hours ?? "", isNumber: true },
              { head: t("log.author"), cell: (e) => e.author },
            ]} />
          )}
        </Show>
      </section>
    </>
  );
}
