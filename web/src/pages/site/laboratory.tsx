import { get, post } from "../../api/client";
import type { LabResult } from "../../api/types";
import { t } from "../../i18n";
import { number, when } from "../../i18n/format";
import { may } from "../../session";
import { japanNow, japanUs, numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Field, Show, Table } from "../../ui/parts";
import type { TabProps } from "../site";

/** What a mine's laboratory reports; another key of the server's quantity list can be typed in. */
const QUANTITIES = ["ph", "zn", "cd", "pb", "cu", "as", "fe", "fe2", "mn", "al", "so4", "ss", "bod", "cod", "alkalinity"];
const UNITS = ["mg_l", "ug_l", "", "us_cm", "mv", "c"];

export function Laboratory({ site }: TabProps) {
  const loaded = useLoad(() => get<{ results: LabResult[] }>(`/sites/${site.id}/laboratory`), [site.id]);
  const save = async (v: FormData): Promise<void> => {
    const value = numberOf(v, "value");
    if (value === null) throw new Error(t("any.badNumber", { value: "" }));
    await post(`/sites/${site.id}/laboratory`, {
      sampled_us: japanUs(String(v.get("sampled"))), quantity: String(v.get("quantity")).trim(),
      fraction: String(v.get("fraction")), value, below_loq: v.get("below") !== null, unit: String(v.get("unit")),
      method: String(v.get("method")), laboratory: String(v.get("laboratory")), note: String(v.get("note")),
    });
    loaded.reload();
  };
  return (
    <>
      {may("operator", site.id) && (
        <SaveForm title={t("lab.add")} onSave={save}>
          <div class="fields">
            <Field label={t("lab.sampled")}><input type="datetime-local" name="sampled" required defaultValue={japanNow()} /></Field>
            <Field label={t("lab.quantity")}>
              <input name="quantity" list="quantities" required pattern="[a-z0-9_]+" />
              <datalist id="quantities">{QUANTITIES.map((q) => <option key={q} value={q} />)}</datalist>
            </Field>
            <Field label={t("lab.fraction")}>
              <select name="fraction">
                <option value="total">{t("lab.total")}</option><option value="dissolved">{t("lab.dissolved")}</option><option value="">–</option>
              </select>
            </Field>
            <Field label={t("lab.value")}><input name="value" inputMode="decimal" required /></Field>
            <Field label={t("lab.unit")}><select name="unit">{UNITS.map((u) => <option key={u} value={u}>{u || "–"}</option>)}</select></Field>
            <Field label={t("lab.method")}><input name="method" placeholder="JIS K 0102-3" /></Field>
            <Field label={t("lab.by")}><input name="laboratory" /></Field>
            <Field label={t("lab.note")}><input name="note" /></Field>
          </div>
          <label class="inline"><input type="checkbox" name="below" /> {t("lab.below")}</label>
        </SaveForm>
      )}
      <section class="card">
        <h2>{t("lab.title")}</h2>
        <Show of={loaded}>
          {(v) => (
            <Table label={t("lab.title")} rows={v.results} none={t("lab.none")} columns={[
              { head: t("lab.sampled"), cell: (r) => when(r.sampled_us) },
              { head: t("lab.quantity"), cell: (r) => `${r.quantity}${r.fraction ? ` (${t(r.fraction === "total" ? "lab.total" : "lab.dissolved")})` : ""}` },
              { head: t("lab.value"), cell: (r) => `${r.below_loq ? "<" : ""}${number(r.value)}`, isNumber: true },
              { head: t("lab.unit"), cell: (r) => r.unit },
              { head: t("lab.method"), cell: (r) => r.method },
              { head: t("lab.by"), cell: (r) => r.laboratory },
              { head: t("log.author"), cell: (r) => r.author },
              { head: t("lab.note"), cell: (r) => `${r.note ?? ""}${r.replaces ? ` ${t("any.replaces", { n: r.replaces })}` : ""}` },
            ]} />
          )}
        </Show>
      </section>
    </>
  );
}
