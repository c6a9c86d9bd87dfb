import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en } from "../src/i18n/en";
import { ja } from "../src/i18n/ja";

const SOURCE = join(__dirname, "../src");
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((f) => /\.tsx?$/.test(f) && !/i18n\/(en|ja)\.ts$/.test(f));
const code = files.map((f) => readFileSync(join(SOURCE, f), "utf8")).join("\n");
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

describe("texts", () => {
  it("are the same in both languages, with the same places for values", () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) expect(holes(ja[key as keyof typeof ja]), key).toEqual(holes(text));
  });
  it("reach the page as texts: no HTML and no program is made of data", () => {
    expect(code).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|srcdoc/);
  });
  it("are all in use", () => {
    const families = [...code.matchAll(/`([a-z]+\.)\$\{/g)].map((m) => m[1]!);
    const unused = Object.keys(en).filter((key) => !code.includes(`"${key}"`) && !families.some((f) => key.startsWith(f)));
    expect(unused).toEqual([]);
  });
});
