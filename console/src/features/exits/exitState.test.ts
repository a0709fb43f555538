import { expect, test } from "vitest";
import type { PanelExit } from "../../api/types";
import { exitsOf, goneOf } from "./exitState";

const exit = (device_id: string, site_name: string) => ({ id: device_id, device_id, site_name }) as PanelExit;

test("a deleted device finds its exit, a deleted site those of all its panels", () => {
  const exits = [exit("a", "Mill"), exit("b", "Mill"), exit("c", "Pier")];
  expect(exitsOf(exits, { device_id: "b" }).map(({ id }) => id)).toEqual(["b"]);
  expect(exitsOf(exits, { site_name: "Mill" }).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(exitsOf(exits, null)).toEqual([]);
  expect(exitsOf(exits, {})).toEqual([]);
});

test("only what was told to be gone is read from a page's history", () => {
  expect(goneOf({ gone: { device_id: "a" } })).toEqual({ device_id: "a", site_name: undefined });
  for (const other of [null, undefined, "x", {}, { gone: null }, { gone: {} }, { from: "/sites" }]) expect(goneOf(other)).toBeNull();
});
