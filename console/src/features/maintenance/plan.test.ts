import { expect, test } from "vitest";
import { planErrors, planOf, type PlanForm } from "./plan";

const NOW = Date.parse("2027-01-11T08:00:00Z");
const WARSAW = "Europe/Warsaw";
const form: PlanForm = { from: "2027-01-12T10:00", to: "2027-01-12T12:30", weekly: false, note: " New disks ", device: null, ofDevice: false };

test("a plan is made of times by the clock of the site", () => {
  expect(planOf(form, WARSAW)).toEqual({
    starts_at: "2027-01-12T09:00:00.000Z", minutes: 150, repeats: "once", note: "New disks", device_id: undefined,
  });
  expect(planErrors(form, WARSAW, NOW)).toEqual({ device: null, from: null, to: null });
});

test("a plan that cannot be says why", () => {
  const wrong = (part: Partial<PlanForm>) => planErrors({ ...form, ...part }, WARSAW, NOW);
  expect(wrong({ to: "2027-01-12T10:00" }).to).toBe("maintenance.to_wrong");
  expect(wrong({ from: "" }).from).toBe("maintenance.from_wrong");
  expect(wrong({ from: "2026-12-01T10:00" }).from).toBe("maintenance.from_wrong");
  expect(wrong({ to: "2027-03-12T10:00" }).to).toBe("maintenance.too_long");
  expect(wrong({ to: "2027-01-19T09:00", weekly: true }).to).toBe("maintenance.too_long_weekly");
  expect(wrong({ ofDevice: true }).device).toBe("rules.device_needed");
});
