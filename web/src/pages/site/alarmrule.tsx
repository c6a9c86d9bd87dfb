import { useState } from "preact/hooks";
import { patch, post } from "../../api/client";
import type { Alarm, AlarmRule, Catalogue, SiteDetail, Target } from "../../api/types";
import { language, named, t } from "../../i18n";
import { number, span } from "../../i18n/format";
import { numberIn, numberOf, SaveForm } from "../../ui/form";
import { Dialog, Field } from "../../ui/parts";
import { ChannelOptions } from "./channel";

const MINUTE_S = 60;
const SILENCE = "no-data";
const LIVE_MOST_S = 1800;
const STEPS_MAX = 8; // of the server
const FIRST_STEP_MIN = 15; // proposed, not fixed

const nameOf = (targets: Target[], id: number): string => targets.find((x) => x.id === id)?.name ?? `#${id}`;

/** What a rule says, in words. Receivers have names only for those who may see them. */
export function ruleText(a: Alarm, targets: Target[]): string {
  const r = a.rule;
  const per = a.kind.startsWith("rate") ? "/h" : "";
  return [
    r.threshold === undefined ? "" : `${number(r.threshold)} ${a.symbol}${per}`,
    r.no_data_s ? span(r.no_data_s) : "",
    r.deadband ? `${t("alarm.deadband")} ${number(r.deadband)}` : "",
    r.on_delay_s ? `${t("alarm.onDelay")} ${span(r.on_delay_s)}` : "",
    r.latching ? t("alarm.latching") : "",
    r.storm ? t("storm.title") : "",
    ...(r.steps ?? []).map((s) => (targets.length ? t("alarm.stepTo", { after: span(s.after_s), name: nameOf(targets, s.target) }) : t("alarm.stepAfter", { after: span(s.after_s) }))),
  ].filter(Boolean).join(t("any.comma"));
}

export const minutes = (v: FormData, name: string): number => Math.round((numberOf(v, name) ?? 0) * MINUTE_S);

/** The steps of escalation, in the order in which they fall due; a row without minutes is none. */
function stepsOf(v: FormData): AlarmRule["steps"] {
  const targets = v.getAll("step_target").map(Number);
  const steps = v.getAll("step_min").flatMap((text, i) => {
    const min = numberIn(String(text));
    return min === null ? [] : [{ after_s: Math.round(min * MINUTE_S), target: targets[i]! }];
  }).sort((a, b) => a.after_s - b.after_s);
  if (steps.some((s, i) => s.after_s <= (steps[i - 1]?.after_s ?? 0))) throw new Error(t("alarm.stepOrder"));
  return steps;
}

/** The rule that the form says, on top of what an earlier one says beside it. */
export function ruleOf(v: FormData, kind: string, before: AlarmRule = {}): AlarmRule {
  const threshold = numberOf(v, "threshold");
  const silence_s = minutes(v, "silence");
  if (kind !== SILENCE && threshold === null) throw new Error(t("alarm.noThreshold"));
  return {
    ...before,
    ...(kind === SILENCE ? { no_data_s: silence_s, live_s: Math.max(1, Math.min(LIVE_MOST_S, silence_s - 1)) } : { threshold: threshold! }),
    deadband: numberOf(v, "deadband") ?? 0, on_delay_s: kind === SILENCE ? 0 : minutes(v, "delay"),
    latching: v.get("latching") !== null, storm: v.get("storm") !== null, notify: v.getAll("notify").map(Number), steps: stepsOf(v),
  };
}

function Steps({ now, targets }: { now: NonNullable<AlarmRule["steps"]>; targets: Target[] }) {
  const [rows, setRows] = useState<({ after_s: number; target: number } | null)[]>(now);
  return (
    <fieldset>
      <legend>{t("alarm.escalation")}</legend>
      <p class="muted">{targets.length ? t("alarm.escalationHelp") : t("alarm.escalationNobody")}</p>
      {rows.map((s, i) => (
        <div key={i} class="fields">
          <Field label={t("alarm.stepMin", { n: i + 1 })}>
            <input name="step_min" inputMode="decimal" defaultValue={s ? String(s.after_s / MINUTE_S) : i === 0 ? String(FIRST_STEP_MIN) : ""} />
          </Field>
          <Field label={t("alarm.stepTarget", { n: i + 1 })}>
            <select name="step_target">{targets.map((x) => <option key={x.id} value={x.id} selected={x.id === s?.target}>{x.name}</option>)}</select>
          </Field>
        </div>
      ))}
      {targets.length > 0 && (
        <p class="row">
          <button type="button" disabled={rows.length >= STEPS_MAX} onClick={() => setRows([...rows, null])}>{t("alarm.stepAdd")}</button>
          {rows.length > 0 && <button type="button" onClick={() => setRows(rows.slice(0, -1))}>{t("alarm.stepDrop")}</button>}
        </p>
      )}
    </fieldset>
  );
}

/** Fields of a rule; those of an earlier one when there is one. */
function RuleFields({ of, targets }: { of?: Alarm; targets: Target[] }) {
  const r = of?.rule ?? {};
  const whom = targets.filter((x) => x.active || r.notify?.includes(x.id) || r.steps?.some((s) => s.target === x.id));
  const text = (x: number | undefined): string => (x ? String(x) : "");
  return (
    <>
      <div class="fields">
        <Field label={t("alarm.name")}><input name="name" required maxLength={200} defaultValue={of ? named(of) : ""} /></Field>
        <Field label={t("alarm.priority")}><select name="priority">{[1, 2, 3, 4].map((n) => <option key={n} value={n} selected={n === of?.priority}>{n}</option>)}</select></Field>
        {of?.kind !== SILENCE && (
          <>
            <Field label={t("alarm.thresholdHelp")}><input name="threshold" inputMode="decimal" defaultValue={r.threshold === undefined ? "" : String(r.threshold)} /></Field>
            <Field label={t("alarm.deadband")}><input name="deadband" inputMode="decimal" defaultValue={text(r.deadband)} /></Field>
            <Field label={t("alarm.delayMin")}><input name="delay" inputMode="decimal" defaultValue={text(r.on_delay_s && r.on_delay_s / MINUTE_S)} /></Field>
          </>
        )}
        {(!of || of.kind === SILENCE) && (
          <Field label={t("alarm.silenceMin")}><input name="silence" inputMode="decimal" defaultValue={text((r.no_data_s ?? 3600) / MINUTE_S)} /></Field>
        )}
      </div>
      <div class="row spaced">
        <label class="inline"><input type="checkbox" name="latching" defaultChecked={r.latching} /> {t("alarm.latching")}</label>
        <label class="inline"><input type="checkbox" name="storm" defaultChecked={r.storm} /> {t("alarm.asksStorm")}</label>
        {whom.map((x) => (
          <label key={x.id} class="inline"><input type="checkbox" name="notify" value={x.id} defaultChecked={r.notify?.includes(x.id)} /> {t("alarm.tell", { name: x.name })}</label>
        ))}
      </div>
      <Steps now={r.steps ?? []} targets={whom} />
    </>
  );
}

export function NewRule({ site, kinds, targets, changed }: { site: SiteDetail; kinds: Catalogue["alarm_kinds"]; targets: Target[]; changed: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    const kind = String(v.get("kind"));
    const name = String(v.get("name")).trim();
    await post(`/channels/${Number(v.get("channel"))}/alarms`, { name, name_ja: name, kind, priority: Number(v.get("priority")), rule: ruleOf(v, kind) });
    changed();
  };
  return (
    <SaveForm title={t("alarm.add")} onSave={save}>
      <div class="fields">
        <Field label={t("quality.channel")}><select name="channel"><ChannelOptions site={site} /></select></Field>
        <Field label={t("alarm.kind")}>
          <select name="kind">{kinds.map((k) => <option key={k.key} value={k.key} selected={k.key === "high"}>{language.value === "ja" ? k.title_ja : k.title}</option>)}</select>
        </Field>
      </div>
      <RuleFields targets={targets} />
    </SaveForm>
  );
}

/** A rule changed: what it watches and its kind stay, what has happened stays. */
export function ChangeRule({ of, targets, onDone }: { of: Alarm; targets: Target[]; onDone: () => void }) {
  const save = async (v: FormData): Promise<void> => {
    await patch(`/alarms/${of.id}`, {
      [language.value === "ja" ? "name_ja" : "name"]: String(v.get("name")).trim(), priority: Number(v.get("priority")), rule: ruleOf(v, of.kind, of.rule),
    });
    onDone();
  };
  return (
    <Dialog title={`${t("setup.change")}: ${named(of)}`} onClose={onDone} wide>
      <SaveForm title="" onSave={save}><RuleFields of={of} targets={targets} /></SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}
