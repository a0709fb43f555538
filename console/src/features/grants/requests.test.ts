import { expect, test } from "vitest";
import type { RequestedAsks } from "../../api/types";
import { everything, grantedOf, isSomething, within } from "./requests";

const gate = { device_id: "1", device_name: "Gate", permission: "live_view", validity: "4h" } as const;
const hall = { device_id: "2", device_name: "Hall", permission: "configuration", validity: "permanent" } as const;
const asks: RequestedAsks = { site: true, devices: [gate, hall] };

test("an owner chooses what was asked for or less", () => {
  expect(within("2h")).toEqual(["1h", "2h"]);
  expect(within("permanent")).toEqual(["1h", "2h", "4h", "8h", "permanent"]);
});

test("what is ticked is what is granted", () => {
  expect(grantedOf(everything(asks), asks)).toEqual({
    site: true,
    devices: [
      { device_id: "1", permission: "live_view", validity: "4h" },
      { device_id: "2", permission: "configuration", validity: "permanent" },
    ],
  });
  expect(grantedOf({ site: false, devices: ["1h", null] }, asks)).toEqual({
    site: false, devices: [{ device_id: "1", permission: "live_view", validity: "1h" }],
  });
});

test("nothing at all is no answer, unless there is nothing to tick", () => {
  expect(isSomething({ site: false, devices: [null, null] }, asks)).toBe(false);
  expect(isSomething({ site: false, devices: ["1h", null] }, asks)).toBe(true);
  expect(isSomething({ site: false, devices: [] }, { site: false, devices: [] })).toBe(true);
});
