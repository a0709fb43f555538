import { describe, expect, test } from "vitest";
import type { LinkageAction, LinkageRule } from "../../api/types";
import { bodyOf, canDo, draftOf, EMPTY, eventsOf, isPeriod, isWhole, minuteOf, minuteText, nextKey, NIGHT, turnInto, type RuleDraft } from "./ruleDraft";
import { actionText, scheduleText, sourceText, troubleText } from "./ruleText";

const t = (key: string, values?: Record<string, unknown>) => [key, ...Object.values(values ?? {})].filter((part) => part !== undefined && part !== "").join(" ");
const names = new Map([["a", "Gate"], ["b", "Yard"], ["p", "Anna"]]);

const whole: RuleDraft = {
  name: " Night ", device: "a", channel: null, kind: "intrusion", periods: [NIGHT], actions: [{ key: 0, action: { kind: "snapshot", device_id: "b", channel: 1 } }],
};

describe("a rule while it is written", () => {
  test("it is sent only when nothing is missing", () => {
    expect(bodyOf(EMPTY)).toBeNull();
    expect(bodyOf(whole)).toEqual({
      name: "Night", source: { device_id: "a", channel: null, kind: "intrusion" }, schedule: [NIGHT],
      actions: [{ kind: "snapshot", device_id: "b", channel: 1 }],
    });
    for (const missing of [{ name: " " }, { device: null }, { kind: null }, { actions: [] }, { periods: [{ ...NIGHT, days: [] }] }]) {
      expect(bodyOf({ ...whole, ...missing }), JSON.stringify(missing)).toBeNull();
    }
    expect(bodyOf({ ...whole, actions: [{ key: 0, action: { kind: "notify", staff_ids: [] } }] })).toBeNull();
  });

  test("an action of another kind keeps what both have", () => {
    const arm: LinkageAction = { kind: "arm", device_id: "p", area: 2, mode: "stay" };
    expect(turnInto(arm, "disarm")).toEqual({ kind: "disarm", device_id: "p" });
    expect(turnInto(arm, "snapshot")).toEqual({ kind: "snapshot", channel: 1 });
    expect(turnInto({ kind: "snapshot", device_id: "b", channel: 3 }, "preset")).toEqual({ kind: "preset", device_id: "b", channel: 3, preset: 1 });
    expect(turnInto({ kind: "snapshot", device_id: "b", channel: 3 }, "webhook")).toEqual({ kind: "webhook" });
    expect(isWhole({ kind: "webhook" }) && !isWhole({ kind: "arm" }) && isWhole({ kind: "notify", staff_ids: ["p"] })).toBe(true);
  });

  test("devices are offered for what they can do", () => {
    expect(canDo("alarm_panel", "arm") && !canDo("camera", "arm") && canDo("nvr", "preset") && !canDo("router", "snapshot")).toBe(true);
    expect(eventsOf("alarm_panel")).toContain("zone_alarm");
    expect(eventsOf("intercom")[0]).toBe("visitor_calling");
    expect(eventsOf(undefined)).toContain("intrusion");
  });

  test("times of the day are read and written", () => {
    expect([0, 65, 1439, 1440].map(minuteText)).toEqual(["00:00", "01:05", "23:59", "24:00"]);
    expect([minuteOf("22:05", false), minuteOf("00:00", true), minuteOf("00:00", false), minuteOf("x", false)]).toEqual([1325, 1440, 0, null]);
    expect(isPeriod(NIGHT) && !isPeriod({ ...NIGHT, until: NIGHT.from })).toBe(true);
  });

  test("rows keep their keys when others go", () => {
    expect([nextKey([]), nextKey([{ key: 4, action: { kind: "webhook" } }])]).toEqual([0, 5]);
    const rule = { name: "N", source: { device_id: "a", channel: 2, kind: "motion" }, schedule: [], actions: [{ kind: "webhook" }] };
    expect(draftOf(rule as unknown as LinkageRule)).toMatchObject({ device: "a", channel: 2, actions: [{ key: 0 }] });
  });
});

describe("a rule in words", () => {
  test("it names devices, channels and people, and says what is gone", () => {
    expect(sourceText(t, { device_id: "a", channel: 2, kind: "motion" }, names)).toBe("Gate · linkage.channel_n 2: device_event_kind.motion");
    expect(actionText(t, { kind: "snapshot", device_id: "b", channel: 1 }, names)).toBe("linkage_does.snapshot Yard");
    expect(actionText(t, { kind: "snapshot", device_id: "b", channel: 4 }, names)).toContain("Yard · linkage.channel_n 4");
    expect(actionText(t, { kind: "arm", device_id: "x", area: 1, mode: "stay" }, names)).toBe("linkage_does.arm_stay linkage.gone · linkage.area_n 1");
    expect(actionText(t, { kind: "notify", staff_ids: ["p"] }, names)).toBe("linkage_does.notify Anna");
    expect(troubleText(t, { reason: "firmware_incompatible", device_id: "a", minimum_version: "5.4", action: null }, names)).toBe("linkage_trouble.firmware_incompatible Gate 5.4");
  });

  test("its hours are said by day and time", () => {
    expect(scheduleText(t, [])).toBe("linkage.always");
    expect(scheduleText(t, [NIGHT])).toBe("linkage.every_day 20:00–06:00");
    expect(scheduleText(t, [{ days: ["sunday", "monday"], from: 0, until: 1440 }])).toBe("linkage_day.monday, linkage_day.sunday 00:00–24:00");
  });
});
