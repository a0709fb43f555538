import { describe, expect, test } from "vitest";
import { lanCodeIn, lanCodeOf } from "./lanCode";
import { calledOf } from "./shapes";

describe("the code of a device's network", () => {
  test("eight digits are one, however they are grouped", () => {
    expect(lanCodeOf("0123 4567")).toBe("01234567");
    expect(lanCodeOf("0123-4567")).toBe("01234567");
  });
  test.each(["", "1234567", "123456789", "abcdefgh"])("%s is none", (text) => expect(lanCodeOf(text)).toBeNull());
  test("it is carried in the fragment and nowhere else", () => {
    expect(lanCodeIn("#lan=01234567")).toBe("01234567");
    expect(lanCodeIn("#lan=nonsense")).toBe("");
    expect(lanCodeIn("")).toBe("");
  });
});

test("a device without a name is called by its model, else by its serial number", () => {
  expect(calledOf({ device_name: "Gate", model: "DS", serial: "Q1" })).toBe("Gate");
  expect(calledOf({ device_name: "", model: "DS", serial: "Q1" })).toBe("DS");
  expect(calledOf({ device_name: "", model: "", serial: null })).toBe("–");
});
