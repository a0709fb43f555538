import { expect, test } from "vitest";
import { instantOf, lastHour, localOf } from "./range";

test("a range is an hour long and reads back as instants", () => {
  const now = new Date(2027, 0, 5, 3, 7);
  expect(localOf(now)).toBe("2027-01-05T03:07");
  const { from, until } = lastHour(now);
  expect(from).toBe("2027-01-05T02:07");
  expect(until).toBe("2027-01-05T03:08");
  expect(instantOf(from)).toBe(new Date(2027, 0, 5, 2, 7).toISOString());
});

test("what is no time is none", () => {
  for (const text of ["", "soon", "2027-13-45T00:00"]) expect(instantOf(text)).toBeNull();
});
