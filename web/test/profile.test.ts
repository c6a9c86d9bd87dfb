import { describe, expect, it } from "vitest";
import { fieldFor, frameBytes, freeNumber, rangeOf, reachOf } from "../src/profile";

/** Profile 3 of the test vector in docs/protocol.md: a frame of 16 bytes. */
const VECTOR = [
  { channel: "ph", bits: 11, decimals: 2, step: 1, offset: 0 },
  { channel: "temp", bits: 10, decimals: 1, step: 1, offset: -200 },
  { channel: "ec", bits: 12, decimals: 0, step: 5, offset: 0 },
];

describe("layouts of the record", () => {
  it("are as long as the vector of the protocol, and ten channels of 10 bits take 24 bytes", () => {
    expect(frameBytes(VECTOR)).toBe(16);
    expect(frameBytes(Array.from({ length: 10 }, () => ({ ...VECTOR[1]! })))).toBe(24);
  });
  it("leave the two highest codes of a field free", () => {
    expect(VECTOR.map(rangeOf)).toEqual([["0.00", "20.45"], ["-20.0", "82.1"], ["0", "20465"]]);
  });
  it("are proposed with the fewest bits that hold the range", () => {
    for (const [low, high, decimals, bits] of [[0, 14, 2, 11], [-20, 40, 1, 10], [0, 1, 0, 2], [0, 5, 0, 3], [0, 6, 0, 4]] as const) {
      const f = fieldFor("x", low, high, decimals);
      expect(f.bits, `${low} to ${high}`).toBe(bits);
      const [a, b] = rangeOf(f).map(Number);
      expect(a! <= low && b! >= high).toBe(true);
    }
  });
  it("reach beyond the limits of the water", () => {
    expect(reachOf({ quantity: "ph", unit: "", high: 8.6 })).toEqual([0, 14]);
    expect(reachOf({ quantity: "temp", unit: "c", high: null })[0]).toBeLessThan(0);
    expect(reachOf({ quantity: "zn", unit: "mg_l", high: 20 })).toEqual([0, 200]);
  });
  it("take the first number that is free", () => {
    expect([freeNumber([]), freeNumber([{ number: 0, fields: [] }, { number: 2, fields: [] }])]).toEqual([0, 1]);
  });
});
