import { expect, test } from "vitest";
import type { ExceptionKind } from "../../api/types";
import { exceptionText } from "./exceptionText";

const t = (key: string, values?: Record<string, unknown>) => (values?.part === undefined ? key : `${key}(${String(values.part)})`);
const said = (kind: string, part: string) => exceptionText(t, kind as ExceptionKind, part).replace(`exception_kind.${kind}`, "");

test("a part is a disk, a channel, or something on a panel, which counts its zones from 0", () => {
  expect(said("mains_lost", "")).toBe("");
  expect(said("disk_full", "2")).toBe(", exceptions.part_disk(2)");
  expect(said("recording_gap", "3")).toBe(", exceptions.part_channel(3)");
  expect(said("zone_fault", "zone:0")).toBe(", exceptions.part_zone(1)");
  expect(said("low_battery", "battery:1")).toBe(", exceptions.part_battery(1)");
  expect(said("tamper", "siren:2")).toBe(", panel_peripheral.siren 2");
  expect(said("panel_link_down", "cellular")).toBe(", exceptions.part_cellular");
});
