import { useState } from "preact/hooks";
import { address, query } from "../../api/client";
import { t } from "../../i18n";
import { Field } from "../../ui/parts";
import { japanNow, japanUs } from "../../ui/form";
import type { TabProps } from "../site";
import { ChannelBoxes, channelsOf } from "./channel";

const DAY_MS = 86_400_000;

const before = (day: string, days: number): string => new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

export function Export({ site }: TabProps) {
  const today = japanNow().slice(0, 10);
  const [from, setFrom] = useState(() => before(today, 30));
  const [to, setTo] = useState(today);
  const [chosen, setChosen] = useState<number[]>([]);
  const [corrected, setCorrected] = useState(false);
  const [past, setPast] = useState("");
  const isInOrder = from !== "" && to !== "" && from <= to;
  // the server's end is not included, the last day of a reader is
  const link = (format: string): string => address(`/sites/${site.id}/export${query({
    format, from, to: isInOrder ? before(to, -1) : to, channels: chosen.length ? chosen.join(",") : undefined,
    corrected: corrected ? 1 : undefined, as_of: past ? japanUs(past) : undefined,
  })}`);
  if (channelsOf(site).length === 0) return <p class="muted">{t("chart.noChannels")}</p>;
  return (
    <section class="card">
      <h2>{t("export.title")}</h2>
      <p class="muted">{t("export.help")}</p>
      <div class="fields">
        <Field label={t("export.from")}><input type="date" value={from} onInput={(e) => setFrom(e.currentTarget.value)} /></Field>
        <Field label={t("export.lastDay")}><input type="date" value={to} onInput={(e) => setTo(e.currentTarget.value)} /></Field>
        <Field label={t("export.asOf")}><input type="datetime-local" value={past} onInput={(e) => setPast(e.currentTarget.value)} /></Field>
      </div>
      <h3>{t("chart.channels")} ({chosen.length || t("export.all")})</h3>
      <ChannelBoxes site={site} chosen={chosen} set={setChosen} />
      <div class="row spaced">
        <label class="inline"><input type="checkbox" name="corrected" checked={corrected} onChange={() => setCorrected(!corrected)} /> {t("export.corrected")}</label>
      </div>
      {isInOrder ? (
        <p class="row"><a class="button" href={link("csv")} download>{t("export.csv")}</a><a class="button" href={link("xlsx")} download>{t("export.xlsx")}</a></p>
      ) : <p class="notice error" role="alert">{t("export.order")}</p>}
    </section>
  );
}
