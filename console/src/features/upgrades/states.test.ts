import { expect, test } from "vitest";
import type { Upgrade } from "../../api/types";
import { numberIn, percentOf, sizeOf, standingOf } from "./states";

const upgrade = (state: Upgrade["state"], starts_at: string) =>
  ({ state, starts_at, devices: { all: 8, waiting: 4, under_way: 1, done: 2, failed: 1, got_worse: 0 } }) as Upgrade;

test("an upgrade whose time has not come is scheduled", () => {
  const now = Date.parse("2027-01-01T00:00:00Z");
  expect(standingOf(upgrade("running", "2027-01-02T00:00:00Z"), now)).toBe("scheduled");
  expect(standingOf(upgrade("running", "2026-12-31T00:00:00Z"), now)).toBe("running");
  expect(standingOf(upgrade("cancelled", "2027-01-02T00:00:00Z"), now)).toBe("cancelled");
});

test("what failed has come to its end too", () => {
  expect(percentOf(upgrade("running", ""))).toBe(38);
});

test("numbers are taken within their bounds only", () => {
  expect([numberIn("3", 1, 9), numberIn("0", 1, 9), numberIn("", 1, 9), numberIn("2.5", 1, 9)]).toEqual([3, null, null, null]);
});

test("sizes are written as people read them", () => {
  expect([sizeOf(36_700_160, "en"), sizeOf(2_048, "en")]).toEqual(["35 MiB", "2 KiB"]);
});
