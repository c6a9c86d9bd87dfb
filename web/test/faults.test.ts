import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultText } from "../src/i18n/faults";

const LIST = readFileSync(join(__dirname, "../../src/server/fault_list.h"), "utf8");
const codes = [...LIST.matchAll(/^SEI_FAULT\((\w+),/gm)].map((m) => m[1]!);
const VALUES = ["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"];

describe("what the server refuses", () => {
  it("is told in Japanese, whatever it is", () => {
    expect(codes.length).toBeGreaterThan(100);
    for (const code of codes) {
      const text = faultText(code, VALUES);
      expect(text, code).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      expect(text, code).not.toMatch(/[{}]/);
    }
  });
  it("carries its values, fields by the names of the forms", () => {
    expect(faultText("field_range", ["latitude", "120", "-90", "90"])).toBe("緯度の値 120 は範囲外です(-90〜90)。");
    expect(faultText("field_range", ["<b>x</b>", "{1}", "0", "1"])).toBe("<b>x</b>の値 {1} は範囲外です(0〜1)。");
  });
  it("has no sentence for what is no code", () => {
    for (const code of ["", "nothing", "constructor", "__proto__", "toString"]) expect(faultText(code, ["constructor"])).toBeUndefined();
    expect(faultText("field_missing", ["constructor"])).toBe("constructorが指定されていません。");
  });
});
