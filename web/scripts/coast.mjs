// The map's coast lines, cut from Natural Earth (public domain, npm package world-atlas) while building:
// Japan at 1:10m to a hundredth of a degree (1 km, finer than the source's own scale), its neighbours at 1:50m.
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const JAPAN = "392";
const WEST = 117;
const EAST = 158;
const SOUTH = 20;
const NORTH = 55;

const require = createRequire(import.meta.url);

const round = (ring) => {
  const out = [];
  for (const [x, y] of ring) {
    const p = [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
    const last = out[out.length - 1];
    if (!last || last[0] !== p[0] || last[1] !== p[1]) out.push(p);
  }
  return out;
};

const isNear = (ring) => ring.some(([x, y]) => x > WEST && x < EAST && y > SOUTH && y < NORTH);

const polygons = (geometry) =>
  (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)
    .filter((polygon) => isNear(polygon[0]))
    .map((polygon) => polygon.map(round).filter((ring) => ring.length > 3));

const countries = (scale) => {
  const atlas = require(`world-atlas/countries-${scale}.json`);
  return feature(atlas, atlas.objects.countries).features;
};

const one = (name, shapes) => ({
  type: "Feature",
  properties: { name },
  geometry: { type: "MultiPolygon", coordinates: shapes },
});

/** GeoJSON of two features: "japan" and "around". */
export function coast() {
  const japan = countries("10m").filter((f) => f.id === JAPAN).flatMap((f) => polygons(f.geometry));
  const around = countries("50m").filter((f) => f.id !== JAPAN).flatMap((f) => polygons(f.geometry));
  return { type: "FeatureCollection", features: [one("around", around), one("japan", japan)] };
}
