import { describe, expect, it } from "vitest";
import type { Alarm, Layer, Stand } from "../src/api/types";
import type { Block } from "../src/chart/blocks";
import { flagged } from "../src/chart/source";
import { byUrgency, isStanding, isUnseen, withAlarms } from "../src/state";

const alarm = (id: number, stand: Stand, priority = 2, activated = 0, active = true): Alarm =>
  ({ id, stand, priority, active, state: { activated, has_value: false, value: 0, shelved_until: 0 } }) as unknown as Alarm;

describe("alarms", () => {
  it("come in the order in which they need somebody", () => {
    const list = [alarm(1, "normal"), alarm(2, "shelved", 1), alarm(3, "acknowledged", 1), alarm(4, "unacknowledged", 3),
      alarm(5, "unacknowledged", 1, 10), alarm(6, "unacknowledged", 1, 20), alarm(7, "returned-unacknowledged", 4)];
    expect(list.sort(byUrgency).map((a) => a.id)).toEqual([6, 5, 4, 7, 3, 2, 1]);
  });
  it("count only while they are switched on", () => {
    const off = alarm(1, "unacknowledged", 1, 0, false);
    expect([isStanding(off), isUnseen(off)]).toEqual([false, false]);
  });
  it("outdo the silence of a site, and a shelved one does not", () => {
    expect(withAlarms("silent", [alarm(1, "acknowledged")])).toBe("alarm");
    expect(withAlarms("ok", [alarm(1, "returned-unacknowledged")])).toBe("warning");
    expect(withAlarms("silent", [alarm(1, "returned-unacknowledged")])).toBe("silent");
    expect(withAlarms("ok", [alarm(1, "shelved"), alarm(2, "normal")])).toBe("ok");
  });
});

describe("flags", () => {
  const block = (step: number): Block => ({ from: 0, to: 100, step, t: [5, 15, 25], mean: [1, 2, 3], low: [1, 2, 3], high: [1, 2, 3], flag: [2, 2, 2] });
  const flag = { kind: "flag", level: 4, start_us: 12e6, end_us: 12e6 + 1 } as unknown as Layer;
  it("of one record mark the bin that holds it", () => expect(flagged(block(10), [flag]).flag).toEqual([2, 4, 2]));
  it("of one record mark no other record", () => expect(flagged(block(0), [flag]).flag).toEqual([2, 2, 2]));
});
