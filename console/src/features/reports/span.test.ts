import { describe, expect, test } from "vitest";
import { addressOf, choiceOf, daysOf, fileAddress, todayAt } from "./span";

describe("the span of a report", () => {
  test("presets are whole months or the last thirty days, over new year and in leap years too", () => {
    expect(daysOf("last_30", "2026-03-01")).toEqual({ from: "2026-01-31", to: "2026-03-01" });
    expect(daysOf("this_month", "2026-03-17")).toEqual({ from: "2026-03-01", to: "2026-03-17" });
    expect(daysOf("last_month", "2026-01-05")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
    expect(daysOf("last_month", "2028-03-31")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  });

  test("today is that of the site", () => {
    const now = Date.parse("2026-05-31T23:30:00Z");
    expect(todayAt("Asia/Vladivostok", now)).toBe("2026-06-01");
    expect(todayAt("America/New_York", now)).toBe("2026-05-31");
  });

  test("a choice survives the address, and what is usual is not in it", () => {
    const usual = choiceOf(new URLSearchParams(), "2026-05-31");
    expect(addressOf(usual)).toEqual({});
    const custom = { ...usual, preset: "custom" as const, from: "2026-02-01", to: "2026-02-10", links: "down" as const, maintenance: "counted" as const };
    expect(choiceOf(new URLSearchParams(addressOf(custom)), "2026-05-31")).toEqual(custom);
  });

  test("nonsense in the address is as usual", () => {
    const choice = choiceOf(new URLSearchParams("span=custom&from=yesterday&own_network=maybe"), "2026-05-31");
    expect(choice).toMatchObject({ from: "2026-05-02", to: "2026-05-31", own_network: "excluded" });
  });

  test("files are asked for with the same choice", () => {
    const choice = choiceOf(new URLSearchParams("links=down"), "2026-05-31");
    expect(fileAddress("s1", "csv", choice, { table: "days" })).toBe(
      "/api/v1/sites/s1/report/csv?from=2026-05-02&to=2026-05-31&own_network=excluded&links=down&maintenance=excluded&table=days",
    );
  });
});
