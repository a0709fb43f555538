import { expect, test } from "vitest";
import { filterOf, narrowing, showOf } from "./exceptionFilter";

const NOW = Date.parse("2027-01-15T12:00:30Z");
const of = (query: string) => filterOf(new URLSearchParams(query), NOW);

test("an address without filters asks for what is open", () => {
  expect(of("")).toEqual({
    open: true, kind: null, severity: null, site_id: null, device_id: null, channel: null, cause_id: null, from: null, to: null,
  });
  expect(showOf(new URLSearchParams("show=nonsense"))).toBe("open");
});

test("spans end now, to the minute, and own days last from midnight to midnight", () => {
  expect(of("time=day").from).toBe("2027-01-14T12:00:00.000Z");
  const own = of("time=own&from=2027-01-01&to=2027-01-02");
  expect(Date.parse(own.to ?? "") - Date.parse(own.from ?? "")).toBe(2 * 86_400_000);
  expect(of("time=own&from=x").from).toBeNull();
});

test("a channel is one of a device", () => {
  expect(of("channel=3").channel).toBeNull();
  expect(of("device=d&channel=3").channel).toBe(3);
  expect(of("device=d&channel=x").channel).toBeNull();
});

test("what narrows the list is counted", () => {
  expect(narrowing(new URLSearchParams("show=all&kind=no_disk&site=s&time=day"))).toBe(2);
});
