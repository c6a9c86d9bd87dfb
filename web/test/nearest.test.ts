import { describe, expect, it } from "vitest";
import type { Block } from "../src/chart/blocks";
import { around, isEmpty } from "../src/chart/nearest";

const block = (from: number, to: number, t: number[], mean: (number | null)[] = t): Block => ({ from, to, step: 0, t, mean, low: mean, high: mean, flag: t.map(() => 2) });
const line = (b: Block) => [{ label: "x", block: b }];
const span = { from: 100, to: 200, live: false };

describe("an empty span", () => {
  it("is empty when all of it has come and holds no value", () => {
    expect(isEmpty(line(block(50, 250, [60, 240])), span, 1e4)).toBe(true);
    expect(isEmpty(line(block(50, 250, [60, 150], [1, null])), span, 1e4)).toBe(true); // a value that is told to be missing is none
    expect(isEmpty(line(block(50, 250, [60, 150])), span, 1e4)).toBe(false);
  });
  it("is not called empty while it is only asked for", () => {
    expect(isEmpty([], span, 1e4)).toBe(false);
    expect(isEmpty(line(block(150, 250, [])), span, 1e4)).toBe(false);
    expect(isEmpty(line(block(50, 150, [])), span, 1e4)).toBe(false);
    expect(isEmpty(line(block(50, 150, [])), span, 150)).toBe(true); // nothing comes from the future
  });
  it("is not empty when an earlier year laid over it is not", () => {
    expect(isEmpty([...line(block(50, 250, [])), ...line(block(50, 250, [120]))], span, 1e4)).toBe(false);
  });
  it("leads to a span as long as it was, with the value in it and nothing of the future", () => {
    for (const side of ["before", "after"] as const) {
      const r = around(side === "before" ? 20 : 900, span, side, 1e4);
      expect(r.to - r.from).toBeCloseTo(100, 6);
      expect(r.from < (side === "before" ? 20 : 900) && r.to > (side === "before" ? 20 : 900)).toBe(true);
    }
    expect(around(95, span, "before", 96).to).toBe(96);
  });
});
