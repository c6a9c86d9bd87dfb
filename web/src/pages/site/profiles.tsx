import { useState } from "preact/hooks";
import { patch } from "../../api/client";
import type { Station } from "../../api/types";
import { named, t } from "../../i18n";
import { BITS_MAX, BITS_MIN, FIELDS_MAX, fieldFor, frameBytes, freeNumber, type Profile, type ProfileField, PROFILES_MAX, rangeOf, reachOf } from "../../profile";
import { SaveForm } from "../../ui/form";
import { Dialog } from "../../ui/parts";
import { labelOf } from "./channel";

const whole = (text: string): number => (/^-?\d+$/.test(text.trim()) ? Number(text) : NaN);

/** A field as its numbers; what is typed shows its range at once. */
function FieldRow({ field, station, change, drop }: { field: ProfileField; station: Station; change: (f: ProfileField) => void; drop: () => void }) {
  const number = (key: "bits" | "decimals" | "step" | "offset", min: number, max: number) => (
    <td role="cell" data-head={t(`profile.${key}`)}>
      <input type="number" aria-label={t(`profile.${key}`)} required min={min} max={max} step={1} value={Number.isNaN(field[key]) ? "" : field[key]}
        onInput={(e) => change({ ...field, [key]: whole(e.currentTarget.value) })} />
    </td>
  );
  const known = station.channels.some((c) => c.key === field.channel);
  const [low, high] = rangeOf(field);
  return (
    <tr role="row">
      <td role="cell" data-head={t("setup.channels")}>
        <select aria-label={t("setup.channels")} value={field.channel} onChange={(e) => change({ ...field, channel: e.currentTarget.value })}>
          {!known && <option value={field.channel}>{field.channel}</option>}
          {station.channels.map((c) => <option key={c.id} value={c.key}>{labelOf(c)} ({c.key})</option>)}
        </select>
      </td>
      {number("bits", BITS_MIN, BITS_MAX)}
      {number("decimals", 0, 6)}
      {number("step", 1, 1_000_000)}
      {number("offset", -1_000_000_000, 1_000_000_000)}
      <td role="cell" data-head={t("profile.range")} class="nowrap">{low.includes("NaN") || high.includes("NaN") ? "–" : `${low} – ${high}`}</td>
      <td role="cell" data-head={t("any.do")}><button type="button" onClick={drop}>{t("quality.remove")}</button></td>
    </tr>
  );
}

const HEADS = ["setup.channels", "profile.bits", "profile.decimals", "profile.step", "profile.offset", "profile.range", "any.do"] as const;

function Layout({ profile, station, change, drop }: { profile: Profile; station: Station; change: (p: Profile) => void; drop: () => void }) {
  const { fields } = profile;
  const next = station.channels.find((c) => !fields.some((f) => f.channel === c.key)) ?? station.channels[0];
  const add = (): void => {
    if (next) change({ ...profile, fields: [...fields, fieldFor(next.key, ...reachOf(next), Math.min(next.decimals, 6))] });
  };
  return (
    <fieldset>
      <legend>{t("profile.title", { n: profile.number })}</legend>
      <div class="row">
        <label class="inline">{t("profile.number")} <input type="number" required min={0} max={PROFILES_MAX - 1} value={profile.number} class="tight"
          onChange={(e) => change({ ...profile, number: whole(e.currentTarget.value) || 0 })} /></label>
        <span class="muted" role="status">{t("profile.bytes", { n: frameBytes(fields.map((f) => ({ ...f, bits: f.bits || 0 }))) })}</span>
        <button type="button" onClick={drop}>{t("profile.drop")}</button>
      </div>
      {fields.length > 0 && (
        <div class="scroll stack" tabIndex={0} role="region" aria-label={t("profile.title", { n: profile.number })}>
          <table role="table">
            <thead role="rowgroup"><tr role="row">{HEADS.map((h) => <th key={h} scope="col" role="columnheader">{t(h)}</th>)}</tr></thead>
            <tbody role="rowgroup">
              {fields.map((f, i) => (
                <FieldRow key={i} field={f} station={station} change={(to) => change({ ...profile, fields: fields.map((x, k) => (k === i ? to : x)) })}
                  drop={() => change({ ...profile, fields: fields.filter((_, k) => k !== i) })} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <button type="button" disabled={!next || fields.length >= FIELDS_MAX} onClick={add}>{t("profile.addField")}</button>
    </fieldset>
  );
}

/** How the records of a station are laid out, so that the server can read them (docs/protocol.md). */
export function Profiles({ station, done }: { station: Station; done: () => void }) {
  const [profiles, setProfiles] = useState<Profile[]>(station.profiles ?? []);
  const save = async (): Promise<void> => {
    if (new Set(profiles.map((p) => p.number)).size < profiles.length) throw new Error(t("profile.twice"));
    if (profiles.some((p) => p.fields.length === 0)) throw new Error(t("profile.empty"));
    await patch(`/stations/${station.id}`, { profiles });
    done();
  };
  return (
    <Dialog wide title={`${t("profile.of")}: ${named(station)}`} onClose={done}>
      <SaveForm title="" onSave={save}>
        <p class="muted">{t("profile.help")}</p>
        {station.channels.length === 0 && <p class="notice">{t("profile.noChannels")}</p>}
        {profiles.map((p, i) => (
          <Layout key={i} profile={p} station={station} change={(to) => setProfiles(profiles.map((x, k) => (k === i ? to : x)))}
            drop={() => setProfiles(profiles.filter((_, k) => k !== i))} />
        ))}
        <p><button type="button" disabled={station.channels.length === 0 || profiles.length >= PROFILES_MAX}
          onClick={() => setProfiles([...profiles, { number: freeNumber(profiles), fields: [] }])}>{t("profile.add")}</button></p>
      </SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}
