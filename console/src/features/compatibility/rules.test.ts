import { expect, test } from "vitest";
import { fromFile, isVersion, modelsOf, toFile } from "./rules";

test.each([
  ["4.0", true], ["V5.7.3 build 220112", true], ["5.03.020", true], ["V4.1.50.1", true], ["", false], ["newest", false], ["4.", false],
])("%s as a version: %s", (text, good) => expect(isVersion(text)).toBe(good));

test("patterns are read one a line or with commas, and one that means nearly everything is found", () => {
  expect(modelsOf(" DS-2DExxxx\n\nDS-71xxNI-Q1(C), DS-76xxNI ")).toEqual({ models: ["DS-2DExxxx", "DS-71xxNI-Q1(C)", "DS-76xxNI"], bad: undefined });
  expect(modelsOf("DS-2DExxxx\nxxxx").bad).toBe("xxxx");
  expect(modelsOf("").models).toEqual([]);
});

test("a file is read as it was written, and what is none is told", () => {
  const rules = [{ family: "nvr" as const, models: ["DS-76xxNI"], minimum: "4.0", lost: ["linkage_rules" as const] }];
  expect(fromFile(toFile(rules, "2026-11-28"))).toEqual(rules);
  expect(fromFile('{"schema":"siteward/compatibility/1","rules":[{"family":"nvr","minimum":"4.0","lost":["activation"]}]}'))
    .toEqual([{ family: "nvr", models: [], minimum: "4.0", lost: ["activation"] }]);
  for (const bad of ["", "{}", "[]", "null", '{"schema":"siteward/known_vulnerabilities/1","rules":[]}', '{"schema":"siteward/compatibility/1","rules":[1]}']) {
    expect(fromFile(bad)).toBeNull();
  }
});
