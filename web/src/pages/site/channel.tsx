import type { Channel, SiteDetail, Station } from "../../api/types";
import { named } from "../../i18n";

export const channelsOf = (site: SiteDetail): Channel[] => site.stations.flatMap((s) => s.channels);
export const labelOf = (c: Channel): string => named({ ...c, name: c.name || c.key });
export const isRain = (c: Channel): boolean => c.quantity === "rain" || c.quantity === "precipitation";

/** The channel with its station, where the site has several that measure. */
export function titleOf(site: SiteDetail, c: Channel): string {
  const measuring = site.stations.filter((s) => s.channels.length > 0);
  const own = measuring.find((s) => s.id === c.station);
  return own && measuring.length > 1 ? `${named(own)} · ${labelOf(c)}` : labelOf(c);
}

/** Channels of a site for a choice, by station. */
export function ChannelOptions({ site }: { site: SiteDetail }) {
  return (
    <>
      {site.stations.filter((s) => s.channels.length > 0).map((s) => (
        <optgroup key={s.id} label={named(s)}>{s.channels.map((c) => <option key={c.id} value={c.id}>{titleOf(site, c)} {c.symbol}</option>)}</optgroup>
      ))}
    </>
  );
}

export function StationOptions({ stations }: { stations: Station[] }) {
  return <>{stations.map((s) => <option key={s.id} value={s.id}>{named(s)}</option>)}</>;
}

/** Channels to tick, by station. */
export function ChannelBoxes({ site, chosen, set }: { site: SiteDetail; chosen: number[]; set: (next: number[]) => void }) {
  return (
    <>
      {site.stations.filter((s) => s.channels.length > 0).map((s) => (
        <fieldset key={s.id}>
          <legend>{named(s)}</legend>
          <div class="row">
            {s.channels.map((c) => (
              <label key={c.id} class="inline">
                <input type="checkbox" checked={chosen.includes(c.id)}
                  onChange={() => set(chosen.includes(c.id) ? chosen.filter((x) => x !== c.id) : [...chosen, c.id])} />
                {labelOf(c)}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}
