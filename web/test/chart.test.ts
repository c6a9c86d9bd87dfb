import { describe, expect, it } from "vitest";
import { Blocks, joined, medianDistance, withGaps, type Block } from "../src/chart/blocks";
import { DAY, HOUR, YEAR, followed, lastOf, moved, withMargin, yearsBefore, zoomed } from "../src/chart/range";

const block = (from: number, to: number, step: number, t: number[] = []): Block => ({
  from, to, step, t, mean: t.map((x) => x), low: t.map((x) => x), high: t.map((x) => x), flag: t.map(() => 1),
});

describe("range", () => {
  it("keeps the moment under the pointer at its place", () => {
    const r = zoomed({ from: 0, to: 1000, live: false }, 0.5, 250, 1e9);
    expect((250 - r.from) / (r.to - r.from)).toBeCloseTo(0.25, 12);
    expect(r.to - r.from).toBe(500);
  });
  it("goes from ten years to a minute and no further", () => {
    let r = lastOf(10 * YEAR, 2e9);
    for (let i = 0; i < 60; i++) r = zoomed(r, 0.5, r.to, 2e9);
    expect(r.to - r.from).toBe(60);
    expect(r.to).toBe(2e9);
  });
  it("never shows the future", () => {
    expect(moved({ from: 0, to: 100, live: false }, 5, 150)).toEqual({ from: 50, to: 150, live: true });
    expect(zoomed({ from: 0, to: 100, live: false }, 10, 50, 120).to).toBe(120);
  });
  it("follows the clock while it is live", () => {
    expect(followed(lastOf(DAY, 1000 * DAY), 1000 * DAY + 60)).toEqual({ from: 999 * DAY + 60, to: 1000 * DAY + 60, live: true });
    const still = { from: 0, to: 10, live: false };
    expect(followed(still, 99)).toBe(still);
  });
  it("asks for half a span more on either side", () => {
    expect(withMargin({ from: 100, to: 200, live: false })).toEqual({ from: 50, to: 250 });
  });
  it("compares the same day of the calendar in Japan", () => {
    const at = Date.UTC(2025, 0, 1, 0, 30) / 1000 - 9 * HOUR; // 00:30 of 1 January in Japan
    expect(yearsBefore(at, 1)).toBe(Date.UTC(2024, 0, 1, 0, 30) / 1000 - 9 * HOUR);
  });
});

describe("blocks", () => {
  it("draws the finest that covers the range, else the one with most of it", () => {
    const kept = new Blocks();
    const coarse = block(0, 1000, 100);
    const fine = block(400, 600, 10);
    kept.add(coarse);
    kept.add(fine);
    expect(kept.best({ from: 450, to: 550, live: false })).toBe(fine);
    expect(kept.best({ from: 300, to: 550, live: false })).toBe(coarse);
    expect(kept.best({ from: 900, to: 1200, live: false })).toBe(coarse);
    expect(kept.best({ from: 2000, to: 2100, live: false })).toBeNull();
  });
  it("asks again when the screen could show more, and for what is live", () => {
    const kept = new Blocks();
    kept.add(block(0, 1000, 10));
    expect(kept.isFineEnough({ from: 0, to: 1000, live: false }, 200)).toBe(true);
    expect(kept.isFineEnough({ from: 0, to: 100, live: false }, 200)).toBe(false);
    expect(kept.isFineEnough({ from: 0, to: 1000, live: true }, 200)).toBe(false);
  });
  it("opens a gap where values are missing, and only there", () => {
    const b = withGaps(block(0, 100, 0, [0, 10, 20, 60, 70]));
    expect(b.t).toEqual([0, 10, 20, 40, 60, 70]);
    expect(b.mean).toEqual([0, 10, 20, null, 60, 70]);
    expect(medianDistance([0, 10, 20, 60, 70])).toBe(10);
  });
  it("joins blocks on all their times without inventing gaps", () => {
    const { t, values } = joined([block(0, 9, 0, [1, 3]), block(0, 9, 0, [2, 3])]);
    expect(t).toEqual([1, 2, 3]);
    expect(values).toEqual([[1, undefined, 3], [undefined, 2, 3]]);
  });
});
