import { useState } from "preact/hooks";
import { ApiError, get, patch, post, put } from "../../api/client";
import type { Catalogue, CommandPoint, SiteDetail, Station } from "../../api/types";
import { named, t } from "../../i18n";
import { number } from "../../i18n/format";
import { may } from "../../session";
import { numberOf, SaveForm } from "../../ui/form";
import { useLoad } from "../../ui/load";
import { Dialog, Field, Show, Table } from "../../ui/parts";
import { NameFields, names, word } from "../addsite";
import { StationOptions } from "./channel";

interface Keys { address: number; answer_key: string; keys: { number: number; public_key: string }[] }

const stepsOf = (p: { decimals: number }, value: number): number => Math.round(value * 10 ** p.decimals);

/** Range and tolerance in the unit; the server counts whole steps. */
function limits(v: FormData, decimals: number): { low: number; high: number; tolerance: number } {
  const [low, high] = [numberOf(v, "low"), numberOf(v, "high")];
  if (low === null || high === null || low >= high) throw new Error(t("point.order"));
  return { low: stepsOf({ decimals }, low), high: stepsOf({ decimals }, high), tolerance: stepsOf({ decimals }, numberOf(v, "tolerance") ?? 0) };
}

function PointFields({ of, catalogue, decimals, setDecimals }: { of?: CommandPoint; catalogue: Catalogue; decimals: number; setDecimals: (n: number) => void }) {
  const shown = (steps: number | undefined): string => (of && steps !== undefined ? number(steps / 10 ** of.decimals) : "");
  return (
    <>
      <NameFields ja={of?.name_ja} en={of?.name} />
      <Field label={t("lab.unit")}>
        <select name="unit">
          <option value="">{t("point.noUnit")}</option>
          {catalogue.units.map((u) => <option key={u.key} value={u.key} selected={u.key === of?.unit}>{u.symbol}</option>)}
        </select>
      </Field>
      <Field label={t("setup.decimals")}>
        <input name="decimals" type="number" min={0} max={6} required value={decimals} onInput={(e) => setDecimals(Number(e.currentTarget.value))} />
      </Field>
      <Field label={t("point.low")}><input name="low" inputMode="decimal" required defaultValue={shown(of?.low)} /></Field>
      <Field label={t("point.high")}><input name="high" inputMode="decimal" required defaultValue={shown(of?.high)} /></Field>
      <Field label={t("point.tolerance")}><input name="tolerance" inputMode="decimal" defaultValue={shown(of?.tolerance) || "0"} /></Field>
      <Field label={t("point.validity")}><input name="validity_s" type="number" min={10} max={86400} required defaultValue={String(of?.validity_s ?? 120)} /></Field>
    </>
  );
}

const Ticks = ({ of }: { of?: CommandPoint }) => (
  <div class="row">
    <label class="inline"><input type="checkbox" name="two_persons" defaultChecked={of?.two_persons ?? false} /> {t("point.two")}</label>
    {of && <label class="inline"><input type="checkbox" name="remote" defaultChecked={of.remote} /> {t("point.remote")}</label>}
  </div>
);

function bodyOf(v: FormData, decimals: number): Record<string, unknown> {
  return { ...names(v), unit: word(v, "unit"), decimals, ...limits(v, decimals), validity_s: Number(v.get("validity_s")), two_persons: v.has("two_persons") };
}

function AddPoint({ stations, catalogue, done }: { stations: Station[]; catalogue: Catalogue; done: () => void }) {
  const [decimals, setDecimals] = useState(2);
  const save = async (v: FormData): Promise<void> => {
    await post(`/stations/${Number(v.get("station"))}/command-points`, { point: Number(v.get("point")), ...bodyOf(v, decimals) });
    done();
  };
  return (
    <SaveForm title={t("point.add")} onSave={save}>
      <p class="muted">{t("point.help")}</p>
      <div class="fields">
        <Field label={t("storm.station")}><select name="station"><StationOptions stations={stations} /></select></Field>
        <Field label={t("point.number")}><input name="point" type="number" min={0} max={65535} required /></Field>
        <PointFields catalogue={catalogue} decimals={decimals} setDecimals={setDecimals} />
      </div>
      <Ticks />
    </SaveForm>
  );
}

function ChangePoint({ point, catalogue, done }: { point: CommandPoint; catalogue: Catalogue; done: () => void }) {
  const [decimals, setDecimals] = useState(point.decimals);
  const save = async (v: FormData): Promise<void> => {
    await patch(`/command-points/${point.id}`, { ...bodyOf(v, decimals), remote: v.has("remote") });
    done();
  };
  return (
    <Dialog title={`${t("setup.change")}: ${named(point)}`} onClose={done}>
      <SaveForm title="" onSave={save}>
        <div class="fields"><PointFields of={point} catalogue={catalogue} decimals={decimals} setDecimals={setDecimals} /></div>
        <Ticks of={point} />
      </SaveForm>
      <form method="dialog"><button>{t("any.close")}</button></form>
    </Dialog>
  );
}

/** None yet is an answer, too. */
const keysOf = (station: number): Promise<Keys | null> =>
  get<Keys>(`/stations/${station}/command-keys`).catch((e: unknown) => { if (e instanceof ApiError && e.status === 404) return null; throw e; });

function KeysOf({ site }: { site: SiteDetail }) {
  const [station, setStation] = useState(site.stations[0]!.id);
  const loaded = useLoad(async () => ({ keys: await keysOf(station) }), [station]);
  const save = async (v: FormData): Promise<void> => {
    await put(`/stations/${station}/command-keys`, { address: Number(v.get("address")), answer_key: word(v, "answer_key").toLowerCase() });
    loaded.reload();
  };
  return (
    <section class="card">
      <h2>{t("keys.title")}</h2>
      <p class="muted">{t("keys.help")}</p>
      <Field label={t("storm.station")}>
        <select value={station} onChange={(e) => setStation(Number(e.currentTarget.value))}><StationOptions stations={site.stations} /></select>
      </Field>
      <Show of={loaded}>
        {({ keys }) => (
          <>
            <Table label={t("keys.title")} rows={keys?.keys ?? []} none={t("keys.none")} columns={[
              { head: t("keys.number"), cell: (k) => k.number, isNumber: true },
              { head: t("keys.public"), cell: (k) => <code>{k.public_key}</code> },
            ]} />
            {may("administrator", site.id) ? (
              <SaveForm key={`${station} ${keys?.answer_key}`} title="" onSave={save}>
                <Field label={t("keys.address")}><input name="address" type="number" min={1} max={4294967295} required defaultValue={keys ? String(keys.address) : ""} /></Field>
                <Field label={t("keys.answer")}><input name="answer_key" required pattern="[0-9a-fA-F]{64}" autocomplete="off" defaultValue={keys?.answer_key ?? ""} /></Field>
              </SaveForm>
            ) : <p class="muted small">{t("keys.administrator")}</p>}
          </>
        )}
      </Show>
    </section>
  );
}

/** What an engineer sets up before anything can be operated: keys of a station and its points. */
export function CommandSetup({ site, points, reload }: { site: SiteDetail; points: CommandPoint[]; reload: () => void }) {
  const catalogue = useLoad(() => get<Catalogue>("/catalogue"), []);
  const [changing, setChanging] = useState<CommandPoint | null>(null);
  if (site.stations.length === 0) return <p class="muted">{t("station.none")}</p>;
  return (
    <Show of={catalogue}>
      {(list) => (
        <>
          <Table stack label={t("command.points")} rows={points} none={t("point.none")} columns={[
            { head: t("storm.station"), cell: (p) => named(site.stations.find((s) => s.id === p.station) ?? { name: "" }) },
            { head: t("point.number"), cell: (p) => p.point, isNumber: true },
            { head: t("command.point"), cell: (p) => named(p) },
            { head: t("profile.range"), cell: (p) => `${number(p.low / 10 ** p.decimals)} – ${number(p.high / 10 ** p.decimals)} ${p.symbol}` },
            { head: t("any.state"), cell: (p) => (p.remote ? (p.two_persons ? t("command.two") : t("command.remote")) : t("command.local")) },
            { head: t("any.do"), cell: (p) => <button type="button" onClick={() => setChanging(p)}>{t("setup.change")}</button> },
          ]} />
          {changing && <ChangePoint point={changing} catalogue={list} done={() => { setChanging(null); reload(); }} />}
          <div class="grid">
            <AddPoint stations={site.stations} catalogue={list} done={reload} />
            <KeysOf site={site} />
          </div>
        </>
      )}
    </Show>
  );
}
