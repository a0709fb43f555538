import { describe, expect, test } from "vitest";
import type { ExceptionRule } from "../../api/types";
import en from "../../texts/en.json";
import { EXCEPTION_KINDS } from "./choices";
import { scheduleText, ruleText } from "./ruleText";
import { periodError, periodsOf, presetOf, readUntil, shownUntil, type Period } from "./schedule";

const say = (key: string, values?: Record<string, unknown>) => (values ? `${key}(${Object.values(values).join("|")})` : key);

const rule: ExceptionRule = {
  id: "1", device_id: null, device_name: null, device_kind: null, severities: ["critical", "warning"], kinds: [],
  receivers: [{ kind: "site_managers", id: null, name: null, able: true }, { kind: "admin", id: null, name: null, able: true }],
  schedule: null, threshold_minutes: 0, enabled: true,
};

describe("rules in words", () => {
  test("the usual rule tells managers and the Admin at once of what is critical or a warning", () => {
    expect(ruleText(say, rule)).toBe("rules.sentence(rules.and(rules.to_site_managers|rules.to_admin)|rules.at_once|rules.and(rules.all_critical|rules.all_warning)|)");
  });

  test("a threshold, a device and many kinds are told, the kinds cut", () => {
    const kinds = ["device_offline", "disk_error", "no_disk", "video_loss", "tamper"] as ExceptionRule["kinds"];
    const told = ruleText(say, { ...rule, severities: [], kinds, threshold_minutes: 90, device_id: "d", device_name: "Gate" });
    expect(told).toContain("rules.after(span.hours(1) span.minutes(30))");
    expect(told).toContain("rules.and_more(exception_kind.device_offline, exception_kind.disk_error, exception_kind.no_disk|2)");
    expect(told).toContain("rules.of_device(Gate)");
  });

  test("a rule without receivers says so", () => {
    expect(ruleText(say, { ...rule, receivers: [] })).toContain("rules.to_nobody");
  });

  test("days in a row are told as a range", () => {
    expect(scheduleText(say, periodsOf("working"), "Europe/Warsaw")).toBe("rules.when(day_short.monday–day_short.friday 08:00–18:00|Europe/Warsaw)");
    expect(scheduleText(say, null, "UTC")).toBe("rules.preset.always");
  });
});

test("every kind of exception can be chosen", () => {
  expect([...EXCEPTION_KINDS].sort()).toEqual(Object.keys(en.exception_kind).sort());
});

describe("schedules", () => {
  test("each choice is known again, whatever the order of its days", () => {
    for (const preset of ["always", "working", "outside"] as const) expect(presetOf(periodsOf(preset))).toBe(preset);
    const turned = periodsOf("working")?.map((period) => ({ ...period, days: [...period.days].reverse() })) ?? null;
    expect(presetOf(turned)).toBe("working");
    expect(presetOf([{ days: ["monday"], from: "01:00", until: "02:00" }])).toBe("own");
  });

  test("what is no period says why", () => {
    const period: Period = { days: ["monday"], from: "08:00", until: "24:00" };
    expect(periodError(period)).toBeNull();
    expect(periodError({ ...period, days: [] })).toBe("rules.day_needed");
    expect(periodError({ ...period, from: "" })).toBe("rules.time_needed");
    expect(periodError({ ...period, until: "08:00" })).toBe("rules.time_same");
  });

  test("the end of a day is midnight in a time field", () => {
    expect([shownUntil("24:00"), readUntil("00:00"), readUntil("18:30")]).toEqual(["00:00", "24:00", "18:30"]);
  });
});
