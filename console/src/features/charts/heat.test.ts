import { expect, test } from "vitest";
import { heatOf } from "./heat";

const day = (date: string, lowest_celsius: number, highest_celsius: number) => ({ date, lowest_celsius, highest_celsius });

test("the scale is whole tens around what was measured", () => {
  const heat = heatOf([day("2026-05-01", 31, 38), day("2026-05-03", 29, 44)]);
  expect(heat).toMatchObject({ bottom: 20, top: 50, days: 2, line: "0,12 2,6", band: "0,12 2,6 2,21 0,19" });
});

test("a single day is a bar and nothing is nothing", () => {
  expect(heatOf([])).toBeNull();
  expect(heatOf([day("2026-05-01", 40, 40)])).toMatchObject({ bottom: 30, top: 50, days: 1, line: "0,10 1,10" });
});
