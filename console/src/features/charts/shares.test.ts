import { describe, expect, test } from "vitest";
import { availability, byDay, byHour, stack, total } from "./shares";

const now = Date.parse("2026-03-01T12:30:00Z");
const beat = (hour: string, up_seconds: number, down_seconds: number) => ({ hour: `2026-03-01T${hour}:00:00Z`, up_seconds, down_seconds });
const slice = (up: number, down: number, unknown = 0, excluded = 0) => ({ key: "1", at: 0, up, down, unknown, excluded });

describe("shares of time", () => {
  test("what nobody saw of an hour is unknown, and the running hour is only as long as it lasted", () => {
    const slices = byHour([beat("10", 3000, 600), null, beat("12", 1000, 0)], 3, now);
    expect(slices.map(({ up, down, unknown }) => [up, down, unknown])).toEqual([[3000, 600, 0], [0, 0, 3600], [1000, 0, 800]]);
    expect(slices.map(total)).toEqual([3600, 3600, 1800]);
  });

  test("days hold the sum of their hours, in order", () => {
    const hours = byHour([beat("01", 3600, 0)], 72, now);
    const days = byDay(hours);
    expect(days.reduce((sum, day) => sum + total(day), 0)).toBe(hours.reduce((sum, hour) => sum + total(hour), 0));
    expect(days.map((day) => day.at)).toEqual([...days.map((day) => day.at)].sort((a, b) => a - b));
    expect(days.length).toBeGreaterThan(2);
  });

  test("a bar is as high as its slice, whatever it is made of", () => {
    for (const one of [slice(1, 2, 3, 4), slice(0, 5), slice(7, 0, 0, 1)]) {
      expect(stack(one).reduce((sum, part) => sum + part.height, 0)).toBeCloseTo(100);
    }
    expect(stack(slice(0, 0))).toEqual([]);
  });

  test("a minute of downtime in a day is still seen", () => {
    for (const one of [slice(86_340, 60), slice(0, 60, 86_340)]) {
      expect(stack(one).find((part) => part.part === "down")?.height).toBe(3);
    }
  });

  test("availability is of what was seen, and never rounded up", () => {
    expect(availability([slice(0, 0, 100)])).toBeNull();
    expect(availability([slice(999_999, 1, 500)])).toBe(99.999);
    expect(availability([slice(50, 50), slice(100, 0)])).toBe(75);
  });
});
