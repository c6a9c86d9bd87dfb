import { useState } from "preact/hooks";
import { address, get, post } from "../../api/client";
import type { Catalogue, LabResult, Quantity, SiteDetail } from "../../api/types";
import { language, named, t } from "../../i18n";
import { number, when } from "../../i18n/format";
import { may } from "../../session";
import { japanField, japanNow, japanUs, numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Field, Show, Table } from "../../ui/parts";
import type { TabProps } from "../site";
import { StationOptions } from "./channel";

/** What a mine's laboratory reports most, first in the list. */
const USUAL = ["ph", "zn", "cd", "pb", "cu", "as", "fe", "fe2", "mn", "al", "so4", "ss", "bod", "cod", "alkalinity", "sc", "temp"];

export const quantityTitle = (q: Quantity): string => {
  const name = language.value === "ja" ? q.title_ja : q.title;
  return name === q.symbol ? name : `${name} (${q.symbol})`;
};

function QuantityOptions({ catalogue, chosen }: { catalogue: Catalogue; chosen: string }) {
  const usual = USUAL.flatMap((key) => catalogue.quantities.filter((q) => q.key === key));
  const rest = catalogue.quantities.filter((q) => !USUAL.includes(q.key));
  const option = (q: Quantity) => <option key={q.key} value={q.key} selected={q.key === chosen}>{quantityTitle(q)}</option>;
  return <><optgroup label={t("lab.usual")}>{usual.map(option)}</optgroup><optgroup label={t("lab.others")}>{rest.map(option)}</optgroup></>;
}

/** "<0.005" is a value below the limit of quantification, as laboratories write it. */
function valueOf(v: FormData): { value: number; below_loq: boolean } {
  const text = String(v.get("value") ?? "").trim();
  const isBelow = /^[<<]/.test(text);
  v.set("value", isBelow ? text.slice(1) : text);
  const value = numberOf(v, "value");
  if (value === null) throw new Error(t("any.badNumber", { value: text }));
  return { value, below_loq: isBelow || v.get("below") !== null };
}

function Entry({ site, catalogue, old, done }: { site: SiteDetail; catalogue: Catalogue; old: LabResult | null; done: () => void }) {
  const [key, setKey] = useState(old?.quantity ?? "ph");
  const quantity = catalogue.quantities.find((q) => q.key === key) ?? catalogue.quantities[0]!;
  const units = quantity.unit === "" ? [] : catalogue.units.filter((u) => u.dimension === quantity.dimension);
  const save = async (v: FormData): Promise<void> => {
    const station = String(v.get("station"));
    await post(`/sites/${site.id}/laboratory`, {
      station: station ? Number(station) : null, sampled_us: japanUs(String(v.get("sampled"))), quantity: quantity.key,
      fraction: String(v.get("fraction") ?? ""), ...valueOf(v), unit: String(v.get("unit") ?? ""),
      method: String(v.get("method")), laboratory: String(v.get("laboratory")), note: String(v.get("note")), ...(old ? { replaces: old.id } : {}),
    });
    done();
  };
  return (
    <SaveForm title={old ? t("lab.correct", { n: old.id }) : t("lab.add")} onSave={save}>
      <p class="muted">{t("lab.help")}</p>
      <div class="fields">
        <Field label={t("lab.station")}>
          <select name="station" defaultValue={old ? String(old.station ?? "") : String(site.stations[0]?.id ?? "")}>
            <StationOptions stations={site.stations} /><option value="">{t("lab.noStation")}</option>
          </select>
        </Field>
        <Field label={t("lab.sampled")}><input type="datetime-local" name="sampled" required defaultValue={old ? japanField(old.sampled_us) : japanNow()} /></Field>
        <Field label={t("lab.quantity")}>
          <select name="quantity" onChange={(e) => setKey(e.currentTarget.value)}><QuantityOptions catalogue={catalogue} chosen={key} /></select>
        </Field>
        <Field label={t("lab.value")}><input name="value" inputMode="decimal" required defaultValue={old ? `${old.below_loq ? "<" : ""}${old.value}` : ""} /></Field>
        {units.length > 0 && (
          <Field label={t("lab.unit")}>
            <select key={quantity.key} name="unit">{units.map((u) => <option key={u.key} value={u.key} selected={u.key === (old?.quantity === quantity.key ? old.unit : quantity.unit)}>{u.symbol}</option>)}</select>
          </Field>
        )}
        {quantity.fractions && (
          <Field label={t("lab.fraction")}>
            <select name="fraction" defaultValue={old?.fraction ?? "total"}>
              <option value="total">{t("lab.total")}</option><option value="dissolved">{t("lab.dissolved")}</option><option value="">{t("lab.unknown")}</option>
            </select>
          </Field>
        )}
        <Field label={t("lab.method")}><input name="method" placeholder="JIS K 0102-3" defaultValue={old?.method ?? ""} /></Field>
        <Field label={t("lab.by")}><input name="laboratory" defaultValue={old?.laboratory ?? ""} /></Field>
        <Field label={t("lab.note")}><input name="note" defaultValue={old?.note ?? ""} /></Field>
      </div>
      <label class="inline"><input type="checkbox" name="below" /> {t("lab.below")}</label>
    </SaveForm>
  );
}

export function Laboratory({ site }: TabProps) {
  const loaded = useLoad(() => get<{ results: LabResult[] }>(`/sites/${site.id}/laboratory`), [site.id], { topics: ["records"], site: site.id });
  const catalogue = useLoad(() => get<Catalogue>("/catalogue"), []);
  const [old, setOld] = useState<LabResult | null>(null);
  const isOperator = may("operator", site.id);
  const list = catalogue.value;
  const title = (r: LabResult): string => {
    const q = list?.quantities.find((x) => x.key === r.quantity);
    return `${q ? quantityTitle(q) : r.quantity}${r.fraction ? ` ${t(r.fraction === "total" ? "lab.total" : "lab.dissolved")}` : ""}`;
  };
  return (
    <>
      {isOperator && list && (
        <div id="lab-entry">
          <Entry key={old?.id ?? 0} site={site} catalogue={list} old={old} done={() => { setOld(null); loaded.reload(); }} />
          {old && <p><button type="button" onClick={() => setOld(null)}>{t("any.cancel")}</button></p>}
        </div>
      )}
      <section class="card">
        <div class="row title"><h2>{t("lab.title")}</h2><a class="button" download href={address(`/sites/${site.id}/laboratory?format=csv`)}>{t("export.csv")}</a></div>
        <Show of={loaded}>
          {(v) => (
            <Table stack label={t("lab.title")} rows={[...v.results].reverse()} none={t("lab.none")} columns={[
              { head: t("lab.sampled"), cell: (r) => when(r.sampled_us) },
              { head: t("lab.station"), cell: (r) => named(site.stations.find((s) => s.id === r.station) ?? { name: "" }) },
              { head: t("lab.quantity"), cell: title },
              { head: t("lab.value"), cell: (r) => `${r.below_loq ? "<" : ""}${number(r.value)}`, isNumber: true },
              { head: t("lab.unit"), cell: (r) => list?.units.find((u) => u.key === r.unit)?.symbol ?? r.unit },
              { head: t("lab.method"), cell: (r) => r.method },
              { head: t("lab.by"), cell: (r) => r.laboratory },
              { head: t("log.author"), cell: (r) => r.author },
              { head: t("lab.note"), cell: (r) => `${r.note ?? ""}${r.replaces ? ` ${t("any.replaces", { n: r.replaces })}` : ""}` },
              ...(isOperator ? [{ head: t("any.do"), cell: (r: LabResult) => (
                <button type="button" onClick={() => { setOld(r); document.getElementById("lab-entry")?.scrollIntoView(); }}>{t("any.correct")}</button>
              ) }] : []),
            ]} />
          )}
        </Show>
      </section>
    </>
  );
}
