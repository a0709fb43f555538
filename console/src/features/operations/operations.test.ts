import { describe, expect, test } from "vitest";
import { fileName } from "./files";
import { qrRequest, randomSealPassword, START, strengthOf } from "./qrChoices";

describe("a device QR", () => {
  test("is sealed unless something else is chosen, and needs a password of eight characters", () => {
    expect(qrRequest(["d"], { ...START, password: "seven77" })).toBeNull();
    expect(qrRequest(["d"], { ...START, password: "eight888" }))
      .toEqual({ device_ids: ["d"], kind: "sealed", password: "eight888", format: "png", valid_days: 30 });
  });

  test("without sealing it is made only after a confirmation", () => {
    expect(qrRequest(["d"], { ...START, kind: "plain" })).toBeNull();
    expect(qrRequest(["d"], { ...START, kind: "plain", confirmed: true, password: "left over" }))
      .toEqual({ device_ids: ["d"], kind: "plain", confirmed: true, format: "png" });
    expect(qrRequest(["d"], { ...START, kind: "vendor", confirmed: false })).toBeNull();
  });

  test("needs devices and a sensible time", () => {
    expect(qrRequest([], { ...START, password: "eight888" })).toBeNull();
    expect(qrRequest(["d"], { ...START, password: "eight888", days: 366 })).toBeNull();
    expect(qrRequest(["d"], { ...START, password: "eight888", days: "" })).not.toHaveProperty("valid_days");
  });

  test.each([["short", 0], ["aaaaaaaaaaaa", 1], ["12345678", 1], ["harbour-4", 2], ["Harbour-42-pier", 4]] as const)(
    "the strength of %s is %i",
    (password, strength) => expect(strengthOf(password)).toBe(strength),
  );

  test("a random password is strong", () => {
    for (let round = 0; round < 50; round += 1) {
      const password = randomSealPassword();
      expect(password).toMatch(/^(\w{4}-){3}\w{4}$/);
      expect(strengthOf(password)).toBe(4);
    }
  });
});

test("a file name has nothing that a file system refuses", () => {
  expect(fileName("Gate 1/2: north?")).toBe("Gate 1-2- north-");
  expect(fileName("")).toBe("siteward");
});
