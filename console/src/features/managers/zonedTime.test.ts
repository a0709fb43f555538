import { describe, expect, test } from "vitest";
import { formatThere, instantOf, localOf } from "./zonedTime";

describe("times of a site", () => {
  test.each([
    ["2026-01-15T18:00", "Europe/Berlin", "2026-01-15T17:00:00.000Z"],
    ["2026-07-15T18:00", "Europe/Berlin", "2026-07-15T16:00:00.000Z"],
    ["2026-07-15T00:30", "Asia/Kathmandu", "2026-07-14T18:45:00.000Z"],
    ["2026-07-15T18:00", "America/St_Johns", "2026-07-15T20:30:00.000Z"],
    ["2026-07-15T18:00", "UTC", "2026-07-15T18:00:00.000Z"],
    // Just before and after the clocks change, where a first guess has the wrong offset.
    ["2026-03-29T01:30", "Europe/Berlin", "2026-03-29T00:30:00.000Z"],
    ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    ["2026-10-25T03:30", "Europe/Berlin", "2026-10-25T02:30:00.000Z"],
    ["2026-03-08T03:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
  ])("%s in %s is %s, and back", (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant);
    expect(localOf(instant, zone)).toBe(local);
  });

  test("what is no time is none", () => {
    expect(instantOf("", "Europe/Berlin")).toBeNull();
    expect(instantOf("tomorrow", "UTC")).toBeNull();
  });

  test("an instant reads as the site's clocks show it", () => {
    expect(formatThere("2026-07-15T16:00:00Z", "Europe/Berlin", "en-GB")).toContain("18:00");
    expect(formatThere("2026-07-15T16:00:00Z", "Asia/Tokyo", "en-GB")).toContain("01:00");
  });
});
