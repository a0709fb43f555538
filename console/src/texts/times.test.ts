import { describe, expect, test } from "vitest";
import { formatAge, formatSpan, secondsSince } from "./times";

const t = (key: string, values?: Record<string, unknown>) => (values ? `${key}:${values.n}` : key);

describe("ages", () => {
  test.each([
    [-5, "age.now"], [2, "age.now"], [20, "age.seconds:20"], [119, "age.seconds:119"], [120, "age.minutes:2"],
    [7199, "age.minutes:119"], [7200, "age.hours:2"], [172_799, "age.hours:47"], [172_800, "age.days:2"],
  ])("%i seconds", (seconds, text) => expect(formatAge(seconds, t)).toBe(text));

  test("an age is counted from the instant to now", () => {
    expect(secondsSince("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:00:20Z"))).toBe(20);
  });
});

describe("spans", () => {
  test.each([
    [0, "span.seconds:0"], [59, "span.seconds:59"], [60, "span.minutes:1"], [61, "span.minutes:1 span.seconds:1"],
    [7500, "span.hours:2 span.minutes:5"], [86_400, "span.days:1"], [90_061, "span.days:1 span.hours:1"],
    [86_460, "span.days:1"], [-61, "span.minutes:1 span.seconds:1"],
  ])("%i seconds", (seconds, text) => expect(formatSpan(seconds, t)).toBe(text));
});
