import { expect, test } from "vitest";
import { isSiteNumber } from "./siteNumber";

test("the number of a site is taken with blanks around it, and nothing else is", () => {
  expect(isSiteNumber(" 019abcde-0000-7000-8000-00000000000A ")).toBe(true);
  for (const text of ["", "019abcde", "019abcde-0000-7000-8000-00000000000g", "019abcde-0000-7000-8000-00000000000a0"]) {
    expect(isSiteNumber(text), text).toBe(false);
  }
});
