import { describe, expect, it } from "vitest";
import { gapsOf, summed, type Block } from "../src/chart/blocks";
import { concerns } from "../src/live";
import { checkSpan } from "../src/pages/site/spans";
import { fiscalYears } from "../src/state";

const block = (t: number[], mean: number[], step: number, n?: number[]): Block => ({
  from: 0, to: 1000, step, t, mean, low: mean, high: mean, flag: t.map(() => 2), n,
});

describe("what the server tells", () => {
  it("concerns the pages of that site and kind, and all pages when it is too much to name", () => {
    const change = { sites: { "3": ["points" as const], "4": ["alarms" as const] } };
    expect(concerns(change, { topics: ["points"], site: 3 })).toBe(true);
    expect(concerns(change, { topics: ["points"], site: 4 })).toBe(false);
    expect(concerns(change, { topics: ["points"], site: 5 })).toBe(false);
    expect(concerns(change, { topics: ["alarms"] })).toBe(true);
    expect(concerns({ all: ["commands"] }, { topics: ["commands"], site: 9 })).toBe(true);
    expect(concerns({ all: ["commands"] }, { topics: ["points"], site: 9 })).toBe(false);
  });
});

describe("charts", () => {
  it("sum rain over a step and leave readings as they are", () => {
    expect(summed(block([0, 10], [0.5, 0.2], 10, [6, 5])).mean).toEqual([3, 1]);
    expect(summed(block([0, 10], [0.5, 0.2], 0)).mean).toEqual([0.5, 0.2]);
  });
  it("know where nothing was measured", () => {
    expect(gapsOf(block([0, 10, 20, 60, 70], [1, 1, 1, 1, 1], 0))).toEqual([[20, 60]]);
  });
});

describe("seasons of the climatology test", () => {
  const summer = { period: "month" as const, from: 6, to: 9, suspect_min: 10, suspect_max: 25 };
  it("are whole numbers within their period, bounds rise", () => {
    expect(checkSpan(summer, 1)).toBe(summer);
    expect(checkSpan({ ...summer, from: 12, to: 2 }, 1).from).toBe(12); // over the new year
    for (const wrong of [{ from: 0 }, { to: 13 }, { from: 1.5 }, { from: NaN }, { fail_min: 11 }, { suspect_max: 9 }, { suspect_min: null, suspect_max: null }]) {
      expect(() => checkSpan({ ...summer, ...wrong }, 1), JSON.stringify(wrong)).toThrow();
    }
    expect(checkSpan({ ...summer, period: "week", to: 53 }, 1).to).toBe(53);
  });
});

describe("logbook", () => {
  it("counts fiscal years from 1 April in Japan", () => {
    const at = (iso: string, cost_yen: number | null) => ({
      id: 1, station: null, at_us: Date.parse(iso) * 1000, kind: "visit" as const, text: "", cost_yen, hours: 1, replaces: null, author: "", made_us: 0,
    });
    const years = fiscalYears([at("2026-03-31T14:59:59Z", 100), at("2026-03-31T15:00:00Z", 20), at("2026-12-31T00:00:00Z", null)]);
    expect(years.map((y) => [y.year, y.cost_yen, y.hours, y.of.visit])).toEqual([[2026, 20, 2, 2], [2025, 100, 1, 1]]);
  });
});
