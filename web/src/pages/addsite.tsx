import { post } from "../api/client";
import { t } from "../i18n";
import { numberOf, SaveForm } from "../ui/form";
import { Field } from "../ui/parts";

export const KEY_PATTERN = "[a-z0-9_\\-]{1,40}";
export const word = (v: FormData, name: string): string => String(v.get(name) ?? "").trim();

/** Both names; the one that is missing is the other. */
export function names(v: FormData): { name: string; name_ja: string } {
  const ja = word(v, "name_ja");
  return { name: word(v, "name") || ja, name_ja: ja };
}

export function NameFields({ ja = "", en = "" }: { ja?: string; en?: string }) {
  return (
    <>
      <Field label={t("setup.nameJa")}><input name="name_ja" required maxLength={200} defaultValue={ja} /></Field>
      <Field label={t("setup.nameEn")}><input name="name" maxLength={200} defaultValue={en} /></Field>
    </>
  );
}

/** For administrators, beside the list of sites. */
export function AddSite({ done }: { done: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    await post("/sites", { key: word(v, "key"), ...names(v), latitude: numberOf(v, "latitude"), longitude: numberOf(v, "longitude"), note: word(v, "note") });
    done();
  };
  return (
    <SaveForm title={t("setup.addSite")} onSave={save}>
      <p class="muted">{t("setup.siteHelp")}</p>
      <div class="fields">
        <Field label={t("setup.key")}><input name="key" required pattern={KEY_PATTERN} placeholder="matsuo" autocomplete="off" /></Field>
        <NameFields />
        <Field label={t("setup.latitude")}><input name="latitude" inputMode="decimal" placeholder="39.93" /></Field>
        <Field label={t("setup.longitude")}><input name="longitude" inputMode="decimal" placeholder="140.93" /></Field>
        <Field label={t("lab.note")}><input name="note" maxLength={4000} /></Field>
      </div>
    </SaveForm>
  );
}
