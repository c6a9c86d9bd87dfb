import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Channel, Layer, Series, Site, Station } from "../src/api/types";
import { Source, blockOf, flagged } from "../src/chart/source";
import { number } from "../src/i18n/format";
import { listedState, siteState, stationState, tally, worstFirst } from "../src/state";
import { parse, to } from "../src/ui/router";
import { japanUs } from "../src/ui/form";

const US = 1e6;

const station = (over: Partial<Station>, health: Partial<Station["health"]> = {}): Station => ({
  id: 1, site: 1, key: "s", name: "s", transport: "mqtt", interval_s: 600, active: true, channels: [{} as Channel], ...over,
  health: { last_record_us: 0, last_received_us: 0, received: 10, missing: 0, holes: [], ...health },
});

const listed = (over: Partial<Site>): Site => ({ id: 1, key: "k", name: "k", latitude: null, longitude: null, n_stations: 2, last_record_us: 0, n_late: 0, ...over });

describe("list of sites", () => {
  it("goes by the stations that the server counts as late", () => {
    expect([listed({}), listed({ n_late: 1 }), listed({ last_record_us: null }), listed({ n_stations: 0 })].map(listedState)).toEqual(["ok", "silent", "silent", "unknown"]);
  });
  it("counts sites by state, the worst first", () => {
    expect(tally(["ok", "silent", "ok", "alarm"])).toEqual([["alarm", 1], ["silent", 1], ["ok", 2]]);
    expect(tally([])).toEqual([]);
  });
  it("stands with the worst state first, else in its order", () => {
    const list = [listed({ id: 1 }), listed({ id: 2, n_late: 1 }), listed({ id: 3, n_stations: 0 }), listed({ id: 4 }), listed({ id: 5, n_late: 2 })];
    expect(worstFirst(list, listedState).map((s) => s.id)).toEqual([2, 5, 3, 1, 4]);
    expect(list.map((s) => s.id)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("state", () => {
  it("is silence after three intervals, and never before a quarter of an hour", () => {
    expect(stationState(station({}), 1800 * US)).toBe("ok");
    expect(stationState(station({}), 1801 * US)).toBe("silent");
    expect(stationState(station({ interval_s: 60 }), 899 * US)).toBe("ok");
    expect(stationState(station({ interval_s: 60 }), 901 * US)).toBe("silent");
  });
  it("tells missing records, and the worst of a site", () => {
    const holes = station({}, { missing: 2 });
    expect(stationState(holes, 0)).toBe("warning");
    expect(siteState([station({}), holes], 0)).toBe("warning");
    expect(siteState([station({}), station({ active: false })], 0)).toBe("ok");
    expect(siteState([], 0)).toBe("unknown");
    expect(siteState([station({}), station({ channels: [] }, { last_record_us: null })], 0), "a gate measures nothing").toBe("ok");
  });
});

describe("series", () => {
  const bins: Series = { channel: 1, mode: "bins", step_us: 60 * US, time_us: [0, 60 * US], value: [1, 2], min: [0, 1], max: [2, 3], n: [5, 5] };
  it("stands a bin at its middle and keeps its extremes", () => {
    expect(blockOf(bins, 0, 120)).toMatchObject({ step: 60, t: [30, 90], low: [0, 1], high: [2, 3] });
  });
  it("keeps a missing value missing", () => {
    const s: Series = { channel: 1, mode: "points", step_us: 0, time_us: [0, US], value: [5, null], kind: [0, 2] };
    expect(blockOf(s, 0, 2).mean).toEqual([5, null]);
  });
  it("shows the worst flag that covers a moment", () => {
    const layer = (start: number, end: number, level: number): Layer => ({
      id: 1, kind: "flag", start_us: start * US, end_us: end * US, code: "spike", level, author: "qc", reason: "", made_us: 0, undone_us: null,
    });
    const b = blockOf({ channel: 1, mode: "points", step_us: 0, time_us: [0, 10 * US, 20 * US], value: [1, 1, 1] }, 0, 30);
    expect(flagged(b, [layer(5, 15, 3), layer(0, 15, 1), layer(9, 11, 4)]).flag).toEqual([1, 4, 2]);
  });
});

describe("source", () => {
  beforeEach(() => void vi.stubGlobal("fetch", vi.fn()));
  afterEach(() => void vi.unstubAllGlobals());

  it("asks once for what it lacks and draws the rest from what came", async () => {
    const answer = { series: [{ channel: 7, mode: "points", step_us: 0, time_us: [150 * US], value: [4] }] };
    vi.mocked(fetch).mockResolvedValue(new Response(JSON.stringify(answer)));
    const source = new Source();
    const r = { from: 100, to: 200, live: false };
    expect(await source.fill([7], r)).toBe(true);
    expect(await source.fill([7], { from: 120, to: 180, live: false })).toBe(false);
    expect(fetch).toHaveBeenCalledTimes(1);
    const asked = new URL(String(vi.mocked(fetch).mock.calls[0]![0]), "http://x").searchParams;
    expect([asked.get("from"), asked.get("to")]).toEqual([String(50 * US), String(250 * US)]);
    expect(source.best(7, r)?.mean).toEqual([4]);
  });
});

describe("places and numbers", () => {
  it("survive names with slashes", () => {
    expect(parse(to("sites", "a/b", "charts")).path).toEqual(["sites", "a/b", "charts"]);
  });
  it("keep four digits", () => {
    expect([number(0.012345), number(1234.5678), number(null), number(2e7)]).toEqual(["0.01235", "1235", "–", "2.00e+7"]);
  });
  it("read a form's time as Japan's", () => {
    expect(japanUs("2026-04-01T09:00")).toBe(Date.UTC(2026, 3, 1) * 1000);
  });
});
