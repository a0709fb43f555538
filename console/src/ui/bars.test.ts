import { describe, expect, test } from "vitest";
import { barsOf, upPercent } from "./bars";
import { shownHealth } from "./HealthBadge";

const now = Date.parse("2026-03-01T12:30:00Z");
const beat = (hour: string, up_seconds: number, down_seconds: number) => ({ hour: `2026-03-01T${hour}:00:00Z`, up_seconds, down_seconds });

describe("heartbeat bars", () => {
  test("hours take their slots, the last one being now, and gaps stay unknown", () => {
    const bars = barsOf([beat("09", 3600, 0), null, beat("11", 3000, 600), beat("12", 0, 1800)], 4, now);
    expect(bars.map((bar) => bar.state)).toEqual(["up", "unknown", "partly", "down"]);
  });

  test("an hour in which nothing was measured is unknown, not up", () => {
    expect(barsOf([beat("12", 0, 0)], 1, now)[0]?.state).toBe("unknown");
  });

  test("the share is of the measured time only, and an outage never reads as 100", () => {
    expect(upPercent([null, beat("12", 0, 0)])).toBeNull();
    expect(upPercent([beat("12", 3600, 0), null])).toBe(100);
    expect(upPercent([beat("11", 359_999, 1)])).toBe(99.9);
    expect(upPercent([beat("11", 900, 2700)])).toBe(25);
  });
});

describe("shown health", () => {
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
  test("older than two poll periods is unknown, never good", () => {
    expect(shownHealth("healthy", at(100), now, 60)).toBe("healthy");
    expect(shownHealth("healthy", at(131), now, 60)).toBe("unknown");
    expect(shownHealth("offline", at(500), now, 60)).toBe("unknown");
    expect(shownHealth("healthy", null, now, 60)).toBe("unknown");
  });
});
