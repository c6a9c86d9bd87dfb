import { useState } from "preact/hooks";
import { get, query } from "../api/client";
import { t } from "../i18n";
import { when } from "../i18n/format";
import { useLoad } from "../ui/load";
import { Show, Table } from "../ui/parts";

interface Entry { id: number; time_us: number; actor: string; action: string; object: string; detail: string }
interface Answer { entries: Entry[]; chain: { n: number; holds: boolean; first_bad: number } }

const PAGE = 50;
const SHORT = 48;

/** A long detail opens when it is asked for: what happened stands beside who and when without it. */
function Detail({ text }: { text: string }) {
  if (!text) return null;
  if (text.length <= SHORT) return <code>{text}</code>;
  return <details><summary><code>{text}</code></summary><code>{text}</code></details>;
}

export function Audit() {
  const [before, setBefore] = useState<number | undefined>(undefined);
  const loaded = useLoad(() => get<Answer>(`/audit${query({ before, limit: PAGE })}`), [before]);
  return (
    <>
      <h1>{t("audit.title")}</h1>
      <Show of={loaded}>
        {({ entries, chain }) => (
          <section class="card">
            <p role="status">
              {t("audit.chain")}: <strong>{chain.holds ? t("audit.chainOk") : t("audit.chainBad", { n: chain.first_bad })}</strong>
            </p>
            <Table dense label={t("audit.title")} rows={entries} none="" columns={[
              { head: "#", cell: (e) => e.id, isNumber: true },
              { head: t("audit.when"), cell: (e) => when(e.time_us, "second") },
              { head: t("audit.who"), cell: (e) => e.actor },
              { head: t("audit.what"), cell: (e) => e.action },
              { head: t("audit.where"), cell: (e) => e.object },
              { head: t("audit.detail"), cell: (e) => <Detail text={e.detail} /> },
            ]} />
            <p class="row">
              {before !== undefined && <button type="button" onClick={() => setBefore(undefined)}>{t("audit.newest")}</button>}
              {entries.length === PAGE && <button type="button" onClick={() => setBefore(entries[entries.length - 1]!.id)}>{t("any.more")}</button>}
            </p>
          </section>
        )}
      </Show>
    </>
  );
}
