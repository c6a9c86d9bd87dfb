import type { Map as LeafletMap } from "leaflet";
import coast from "virtual:coast";
import { useEffect, useRef } from "preact/hooks";
import { named, t } from "../i18n";
import { go } from "../ui/router";

export interface Pin {
  id: number | string;
  name: string;
  name_ja?: string | null;
  latitude_deg: number | null;
  longitude_deg: number | null;
  state: string;
}

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const JAPAN: [[number, number], [number, number]] = [[30, 128.5], [46, 147]];

async function draw(box: HTMLElement): Promise<{ map: LeafletMap; leaflet: typeof import("leaflet") }> {
  const leaflet = await import("leaflet");
  await import("leaflet/dist/leaflet.css");
  const map = leaflet.map(box, { zoomSnap: 0.5, maxZoom: 12, attributionControl: true });
  map.attributionControl.setPrefix("Leaflet").addAttribution("Natural Earth");
  map.fitBounds(JAPAN);
  void fetch(coast)
    .then((answer) => answer.json())
    .then((shapes) =>
      leaflet.geoJSON(shapes, {
        interactive: false,
        style: (f) => ({
          color: color("--muted"), weight: f?.properties.name === "japan" ? 1 : 0.5,
          fillColor: color("--land"), fillOpacity: f?.properties.name === "japan" ? 1 : 0.45,
        }),
      }).addTo(map).bringToBack(),
    )
    .catch(() => undefined); // a map without coast lines still shows where the sites are
  return { map, leaflet };
}

/** Sites by place and state. Everything that it tells stands in the list beside it, too. */
export function SiteMap({ pins }: { pins: Pin[] }) {
  const box = useRef<HTMLDivElement>(null);
  const key = JSON.stringify(pins.map((p) => [p.id, p.state, p.latitude_deg, p.longitude_deg]));
  useEffect(() => {
    if (!box.current) return;
    let gone = false;
    let map: LeafletMap | null = null;
    void draw(box.current).then((made) => {
      if (gone) return void made.map.remove();
      map = made.map;
      for (const pin of pins) {
        if (pin.latitude_deg == null || pin.longitude_deg == null) continue;
        const tone = color(`--${["ok", "warning", "alarm", "silent"].includes(pin.state) ? pin.state : "silent"}`);
        made.leaflet
          .circleMarker([pin.latitude_deg, pin.longitude_deg], {
            radius: pin.state === "alarm" ? 11 : 8, color: color("--card"), weight: 2, fillColor: tone, fillOpacity: 1,
          })
          .bindTooltip(named(pin), { permanent: pins.length < 30, direction: "right", offset: [10, 0] })
          .on("click", () => go("sites", pin.id))
          .addTo(map);
      }
    });
    return () => {
      gone = true;
      map?.remove();
    };
  }, [key]);
  return <div ref={box} class="map" role="region" aria-label={t("sites.map")} />;
}
