import { expect, test } from "vitest";
import { asksOf, countAsks, isOpen, LOOKS, NOTHING } from "./handoverState";

const DEVICES = [{ id: "a" }, { id: "b" }];

test("nothing is asked for unless it is ticked", () => {
  expect(asksOf(false, NOTHING, DEVICES)).toEqual({ site: false, devices: [] });
});

test("a permission is asked for on all devices or on those that are chosen", () => {
  const choice = {
    ...NOTHING,
    live_view: { on: true, validity: "4h" as const, devices: "all" as const },
    playback: { on: true, validity: "1h" as const, devices: ["b"] },
  };
  const asks = asksOf(true, choice, DEVICES);
  expect(asks).toEqual({
    site: true,
    devices: [
      { device_id: "a", permission: "live_view", validity: "4h" },
      { device_id: "b", permission: "live_view", validity: "4h" },
      { device_id: "b", permission: "playback", validity: "1h" },
    ],
  });
  expect(countAsks(asks)).toEqual([
    { permission: "live_view", validity: "4h", count: 2 },
    { permission: "playback", validity: "1h", count: 1 },
  ]);
});

test("only what waits can be accepted", () => {
  expect(Object.keys(LOOKS).filter((state) => isOpen(state as keyof typeof LOOKS))).toEqual(["not_registered", "pending"]);
});
