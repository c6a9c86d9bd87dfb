import { lazy, Suspense } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "../../api/client";
import type { Command, CommandPoint, SiteDetail } from "../../api/types";
import { language, named, t } from "../../i18n";
import { ago, number, when } from "../../i18n/format";
import { may, session } from "../../session";
import { SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Dialog, Field, Problem, Show, Table } from "../../ui/parts";
import type { TabProps } from "../site";

const CommandSetup = lazy(() => import("./commandsetup").then((m) => m.CommandSetup));

interface Desk { now_us: number; points: CommandPoint[]; commands: Command[] }

const EVERY_S = 3;
const OPEN_EVERY_MS = 1500;
const OVER = ["done", "failed", "not-done"];

const shown = (p: CommandPoint, steps: number | null): string =>
  steps === null ? t("command.unproven") : `${(steps / 10 ** p.decimals).toFixed(p.decimals)} ${p.symbol}`;
const causeOf = (c: { cause: number; cause_text: string; cause_text_ja: string }): string =>
  c.cause === 25 || c.cause === 0 ? "" : `${language.value === "ja" ? c.cause_text_ja : c.cause_text} (${c.cause})`;
const toneOf = (c: Command): string => (c.stand === "done" ? "ok" : c.stand === "failed" || c.stand === "unknown" ? "alarm" : c.stand === "not-done" ? "silent" : "warning");

export const CommandState = ({ of }: { of: Command }) => <span class={`state ${toneOf(of)}`}>{t(`command.${of.stand}`)}</span>;

/** Seconds that are left, counted by the server's clock. */
function Countdown({ of }: { of: Command }) {
  const [skew] = useState(() => (of.now_us ?? Date.now() * 1000) - Date.now() * 1000);
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.round((of.until_us - Date.now() * 1000 - skew) / 1e6));
  return <span class="countdown" role="timer">{t("command.left", { n: left })}</span>;
}

/** A command from its selection to its end; what the buttons offer follows the station's signed answers. */
function Follow({ id, point, onClose }: { id: number; point: CommandPoint; onClose: () => void }) {
  const [command, setCommand] = useState<Command | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = (): void => void get<Command>(`/commands/${id}`).then((c) => !gone && setCommand(c), (e: ApiError) => !gone && setError(e));
    ask();
    const timer = setInterval(ask, OPEN_EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [id]);
  const act = (what: "operate" | "cancel"): void =>
    void post<Command>(`/commands/${id}/${what}`).then((c) => { setCommand(c); setError(null); }, (e: ApiError) => setError(e));
  if (!command) return <p class="muted" role="status">{t("any.loading")}</p>;
  const isOwn = command.selected_by === session.value?.name;
  const mayOperate = may("operator") && (point.two_persons ? !isOwn : isOwn);
  return (
    <>
      <p><strong>{named(point)}</strong>: {shown(point, point.position)} → <strong>{shown(point, command.value)}</strong></p>
      <p role="status" aria-live="polite"><CommandState of={command} /> {causeOf(command)}</p>
      {!OVER.includes(command.stand) && command.stand !== "unknown" && <p><Countdown of={command} /></p>}
      {command.stand === "unknown" && <p class="notice error">{t("command.unknownHelp")}</p>}
      {command.stand === "selected" && point.two_persons && isOwn && <p class="notice">{t("command.second")}</p>}
      <Problem error={error} />
      <div class="row">
        {command.stand === "selected" && mayOperate && <button type="button" class="danger" onClick={() => act("operate")}>{t("command.operate", { value: shown(point, command.value) })}</button>}
        {command.stand === "selected" && may("operator") && <button type="button" onClick={() => act("cancel")}>{t("command.cancel")}</button>}
        <button type="button" onClick={onClose}>{t("any.close")}</button>
      </div>
      <ol class="small">
        {(command.events ?? []).map((e, i) => <li key={i}>{when(e.time_us, "second")} {t(`step.${e.what}` as "step.select")} {e.actor} {causeOf(e)}</li>)}
      </ol>
    </>
  );
}

function Ask({ point, onSelected }: { point: CommandPoint; onSelected: (id: number) => void }) {
  const scale = 10 ** point.decimals;
  const save = async (v: FormData): Promise<void> => {
    const value = Math.round(Number(String(v.get("value")).replace(",", ".")) * scale);
    if (!Number.isFinite(value)) throw new Error(t("any.badNumber", { value: String(v.get("value")) }));
    const made = await post<Command>(`/command-points/${point.id}/select`, {
      value, reason: String(v.get("reason")).trim(), ...(point.proven && point.position !== null ? { expected: point.position } : {}),
    });
    onSelected(made.id);
  };
  return (
    <SaveForm title={t("command.ask")} onSave={save} verb={t("command.select")}>
      <p class="muted">{t("command.askHelp")}</p>
      <p>{t("command.position")}: <strong>{shown(point, point.position)}</strong></p>
      <Field label={`${t("command.value")} (${number(point.low / scale)} – ${number(point.high / scale)} ${point.symbol})`}>
        <input name="value" inputMode="decimal" required autofocus />
      </Field>
      <Field label={t("alarm.why")}><input name="reason" required maxLength={1000} /></Field>
    </SaveForm>
  );
}

function Operation({ point, open, onClose }: { point: CommandPoint; open: number; onClose: () => void }) {
  const [id, setId] = useState(open);
  return (
    <Dialog title={`${t("command.title")}: ${named(point)}`} onClose={onClose}>
      {id ? <Follow id={id} point={point} onClose={onClose} /> : (
        <>
          <Ask point={point} onSelected={setId} />
          <form method="dialog"><button>{t("any.close")}</button></form>
        </>
      )}
    </Dialog>
  );
}

function Points({ desk, site, open }: { desk: Desk; site: SiteDetail; open: (p: CommandPoint, id: number) => void }) {
  const running = (p: CommandPoint): Command | undefined => desk.commands.find((c) => c.point === p.id && c.ended_us === null && c.stand !== "unknown");
  return (
    <Table stack label={t("command.points")} rows={desk.points} none={t("command.noPoints")} columns={[
      { head: t("command.point"), cell: (p) => <span><strong>{named(p)}</strong><br /><span class="small muted">{named(site.stations.find((s) => s.id === p.station) ?? { name: "" })}</span></span> },
      { head: t("command.position"), cell: (p) => shown(p, p.proven ? p.position : null), isNumber: true },
      { head: t("station.seen"), cell: (p) => ago(p.heard_us) },
      { head: t("sites.state"), cell: (p) => (p.remote ? (p.two_persons ? t("command.two") : t("command.remote")) : t("command.local")) },
      { head: t("any.do"), cell: (p) => {
        const c = running(p);
        if (!may("operator", site.id) && !c) return null;
        return c ? <button type="button" class="main" onClick={() => open(p, c.id)}>{t(`command.${c.stand}`)}</button>
          : <button type="button" disabled={!p.remote} onClick={() => open(p, 0)}>{t("command.start")}</button>;
      } },
    ]} />
  );
}

export function Commands({ site }: TabProps) {
  const loaded = useLoad(() => get<Desk>(`/sites/${site.id}/commands`), [site.id], { everyS: EVERY_S, topics: ["commands"], site: site.id });
  const [open, setOpen] = useState<{ point: number; id: number } | null>(null);
  const [setsUp, setSetsUp] = useState(false);
  const point = loaded.value?.points.find((p) => p.id === open?.point);
  return (
    <>
      <Show of={loaded}>
        {(desk) => (
          <>
            <section class="card"><h2>{t("command.points")}</h2><Points desk={desk} site={site} open={(p, id) => setOpen({ point: p.id, id })} /></section>
            <section class="card">
              <h2>{t("command.history")}</h2>
              <Table stack label={t("command.history")} rows={desk.commands} none={t("command.none")} columns={[
                { head: t("log.when"), cell: (c) => when(c.made_us, "second") },
                { head: t("command.point"), cell: (c) => named(desk.points.find((p) => p.id === c.point) ?? { name: "" }) },
                { head: t("command.value"), cell: (c) => { const p = desk.points.find((x) => x.id === c.point); return p ? shown(p, c.value) : c.value; }, isNumber: true },
                { head: t("sites.state"), cell: (c) => <span><CommandState of={c} /> <span class="small">{causeOf(c)}</span></span> },
                { head: t("audit.who"), cell: (c) => [...new Set([c.selected_by, c.operated_by])].filter(Boolean).join(" → ") },
                { head: t("alarm.why"), cell: (c) => c.reason },
              ]} />
            </section>
            {may("engineer", site.id) && (
              <details class="card" onToggle={(e) => setSetsUp(e.currentTarget.open)}>
                <summary>{t("point.setup")}</summary>
                {setsUp && <Suspense fallback={<p class="muted">{t("any.loading")}</p>}><CommandSetup site={site} points={desk.points} reload={loaded.reload} /></Suspense>}
              </details>
            )}
          </>
        )}
      </Show>
      {open && point && <Operation key={open.point} point={point} open={open.id} onClose={() => { setOpen(null); loaded.reload(); }} />}
    </>
  );
}
