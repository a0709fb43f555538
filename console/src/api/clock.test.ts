import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type * as Clock from "./clock";

const NOON = Date.parse("2026-06-01T12:00:00Z");
const HOUR = 3_600_000;
let clock: typeof Clock;
/** An answer given so many milliseconds after noon by the server's clock, to what was asked at noon by this computer's and came after `took`. */
const heard = (at: number, took: number) => {
  vi.setSystemTime(NOON + took);
  clock.keepClock(new Response(null, { headers: { date: new Date(NOON + at).toUTCString() } }), NOON);
};
const ahead = () => clock.serverNow() - Date.now();

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOON });
  vi.resetModules();
  clock = await import("./clock");
});
afterEach(() => void vi.useRealTimers());

describe("the server's clock", () => {
  test("counts, to half of what the answer took and of what the header may be late", () => {
    heard(HOUR + 200, 400);
    expect(Math.abs(ahead() - HOUR)).toBeLessThanOrEqual(1_200);
    heard(-HOUR, 0);
    expect(Math.abs(ahead() + HOUR)).toBeLessThanOrEqual(1_000);
  });

  test("is this computer's as long as it may be, however late an answer is", () => {
    heard(-1_900, 10);
    heard(0, 20_000);
    heard(19_999, 20_000);
    expect(ahead()).toBe(0);
  });

  test("is not put back by an answer that was slow, once it is known", () => {
    heard(HOUR, 100);
    const known = ahead();
    heard(HOUR, 30_000);
    expect(ahead()).toBe(known);
  });

  test("is not learnt from an answer that does not tell it", () => {
    heard(HOUR, 100);
    const known = ahead();
    clock.keepClock(new Response(null), NOON);
    clock.keepClock(new Response(null, { headers: { date: "yesterday" } }), NOON);
    expect(ahead()).toBe(known);
  });
});
