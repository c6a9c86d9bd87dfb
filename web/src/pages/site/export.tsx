import { useState } from "preact/hooks";
import { address, query } from "../../api/client";
import { t } from "../../i18n";
import { Field } from "../../ui/parts";
import { japanNow } from "../../ui/form";
import type { TabProps } from "../site";

const MONTH_MS = 30 * 86_400_000;

export function Export({ site }: TabProps) {
  const [from, setFrom] = useState(() => new Date(Date.now() - MONTH_MS).toISOString().slice(0, 10));
  const [to, setTo] = useState(() => japanNow().slice(0, 10));
  const [chosen, setChosen] = useState<number[]>([]);
  const channels = site.stations.flatMap((s) => s.channels);
  const link = address(`/sites/${site.id}/export${query({ format: "csv", from, to, channels: chosen.length ? chosen.join(",") : undefined })}`);
  const isInOrder = from !== "" && to !== "" && from <= to;
  return (
    <section class="card">
      <h2>{t("export.title")}</h2>
      <div class="fields">
        <Field label={t("export.from")}><input type="date" value={from} onInput={(e) => setFrom(e.currentTarget.value)} /></Field>
        <Field label={t("export.to")}><input type="date" value={to} onInput={(e) => setTo(e.currentTarget.value)} /></Field>
      </div>
      <fieldset>
        <legend>{t("chart.channels")} ({chosen.length || t("export.all")})</legend>
        <div class="row">
          {channels.map((c) => (
            <label key={c.id} class="inline">
              <input type="checkbox" checked={chosen.includes(c.id)}
                onChange={() => setChosen(chosen.includes(c.id) ? chosen.filter((x) => x !== c.id) : [...chosen, c.id])} />
              {c.name || c.key}
            </label>
          ))}
        </div>
      </fieldset>
      {isInOrder ? (
        <p><a class="button" href={link} download>{t("export.csv")}</a></p>
      ) : <p class="notice error" role="alert">{t("export.order")}</p>}
    </section>
  );
}
