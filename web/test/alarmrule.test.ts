import { describe, expect, it } from "vitest";
import { ruleOf, ruleText } from "../src/pages/site/alarmrule";
import type { Alarm, Target } from "../src/api/types";

const form = (values: [string, string][]): FormData => {
  const v = new FormData();
  for (const [key, value] of values) v.append(key, value);
  return v;
};
const targets = [{ id: 3, name: "当番" }, { id: 4, name: "所長" }] as Target[];

describe("an alarm's form", () => {
  it("sends the steps of escalation as they are typed, in the order of time", () => {
    const rule = ruleOf(form([["threshold", "2"], ["step_min", "45"], ["step_target", "4"], ["step_min", "7.5"], ["step_target", "3"], ["step_min", ""], ["step_target", "3"]]), "high");
    expect(rule.steps).toEqual([{ after_s: 450, target: 3 }, { after_s: 2700, target: 4 }]);
  });
  it("refuses steps at one time, or at once", () => {
    for (const [a, b] of [["5", "5"], ["0", "5"], ["-1", "5"]] as const) {
      expect(() => ruleOf(form([["threshold", "2"], ["step_min", a], ["step_target", "3"], ["step_min", b], ["step_target", "4"]]), "high")).toThrow();
    }
    expect(() => ruleOf(form([["threshold", "2"], ["step_min", "soon"], ["step_target", "3"]]), "high")).toThrow();
  });
  it("keeps what it does not ask for when a rule is changed", () => {
    const rule = ruleOf(form([["threshold", "3"], ["delay", "2"]]), "high", { threshold: 2, off_delay_s: 60, steps: [{ after_s: 900, target: 3 }] });
    expect(rule).toMatchObject({ threshold: 3, on_delay_s: 120, off_delay_s: 60, steps: [], notify: [] });
  });
  it("is told in words with its receivers", () => {
    const alarm = { kind: "high", symbol: "mg/L", rule: { threshold: 2, steps: [{ after_s: 450, target: 3 }] } } as Alarm;
    expect(ruleText(alarm, targets)).toContain("当番");
    expect(ruleText(alarm, targets)).toMatch(/7\.5/);
    expect(ruleText(alarm, [])).not.toContain("#3");
  });
});
