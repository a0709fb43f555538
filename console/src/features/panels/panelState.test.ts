import { describe, expect, test } from "vitest";
import { ApiError } from "../../api/client";
import type { PanelArea, PanelStatus, PanelZone } from "../../api/types";
import { areaButtons, areasInUse, armWord, openZonesOf, signalPercent, toneOf, zoneName, zonesInTheWay, zoneWord } from "./panelState";

const t = (key: string, values?: Record<string, unknown>) => (values ? `${key} ${Object.values(values).join(" ")}` : key);
const zone = (id: number, more: Partial<PanelZone> = {}): PanelZone => ({
  id, name: "", state: "online", detector: null, open: false, tamper: false, bypassed: false, alarm: false, battery_percent: null,
  battery_low: null, signal: null, areas: [1], offline: false, ...more,
});
const area = (id: number, arm: PanelArea["arm"], more: Partial<PanelArea> = {}): PanelArea => ({ id, name: "", arm, alarm: false, enabled: true, ...more });
const status = (parts: Partial<PanelStatus>): PanelStatus => (
  { mains: null, tamper: null, batteries: null, links: null, areas: null, zones: null, peripherals: null, ...parts }
);

describe("zones", () => {
  test("the worst that is told of a zone is what is shown", () => {
    expect(zoneWord(zone(0), true)).toBe("closed");
    expect(zoneWord(zone(0, { open: true }), true)).toBe("open");
    expect(zoneWord(zone(0, { open: true, offline: true }), true)).toBe("offline");
    expect(zoneWord(zone(0, { open: true, offline: true, tamper: true }), true)).toBe("tamper");
    expect(zoneWord(zone(0, { tamper: true, alarm: true }), true)).toBe("alarm");
  });

  test("what is too old or was not told is unknown, never closed", () => {
    expect(zoneWord(zone(0), false)).toBe("unknown");
    expect(zoneWord(zone(0, { open: null }), true)).toBe("unknown");
  });

  test("an area is held up by its own open zones that are not left out", () => {
    const zones = [zone(0, { open: true }), zone(1, { open: true, bypassed: true }), zone(2, { open: true, areas: [2] }), zone(3, { open: true, areas: [] })];
    const held = (of: number | null) => zonesInTheWay(status({ zones }), of).map(({ id }) => id);
    expect(held(1)).toEqual([0, 3]);
    expect(held(2)).toEqual([2, 3]);
    expect(held(null)).toEqual([0, 2, 3]);
  });

  test("a zone without a name is counted from 1, as people do", () => {
    expect(zoneName(t, zone(4))).toBe("panel.zone 5");
    expect(zoneName(t, zone(4, { name: "Front door " }))).toBe("Front door");
  });

  test("a refusal to arm names the open zones, another refusal none", () => {
    const refused = (code: string, zones: unknown) => new ApiError(409, { code, message: "", details: { zones } });
    expect(openZonesOf(refused("panel_zone_open", [0, 3]))).toEqual([0, 3]);
    expect(openZonesOf(refused("panel_zone_open", [{ id: 2, name: "Door" }]))).toEqual([2]);
    expect(openZonesOf(refused("panel_refused", [1]))).toBeNull();
    expect(openZonesOf(new Error("x"))).toBeNull();
  });
});

describe("areas", () => {
  test("those that are not in use are left out", () => {
    expect(areasInUse(status({ areas: [area(1, "disarmed"), area(2, "disarmed", { enabled: false }), area(3, "away", { enabled: null })] })).map(({ id }) => id))
      .toEqual([1, 3]);
    expect(areasInUse(status({}))).toEqual([]);
  });

  test("an old or missing state is unknown, and a new word of the panel is kept apart", () => {
    expect(armWord(area(1, "away"), true)).toBe("away");
    expect(armWord(area(1, "away"), false)).toBe("unknown");
    expect(armWord(area(1, null), true)).toBe("unknown");
    expect(armWord(area(1, "vacation"), true)).toBe("other");
  });

  test("only what makes sense is offered, and everything where the state is not known", () => {
    expect(areaButtons(area(1, "disarmed"), true)).toEqual(["away", "stay"]);
    expect(areaButtons(area(1, "stay"), true)).toEqual(["disarm"]);
    expect(areaButtons(area(1, "away", { alarm: true }), true)).toEqual(["disarm", "clear_alarm"]);
    expect(areaButtons(area(1, "away"), false)).toEqual(["away", "stay", "disarm"]);
  });
});

test("a part is good only when the panel said so a moment ago", () => {
  expect(toneOf(true, true)).toBe("healthy");
  expect(toneOf(false, true)).toBe("offline");
  expect(toneOf(true, false)).toBe("unknown");
  expect(toneOf(null, true)).toBe("unknown");
});

test("radio strength is told in percent", () => {
  expect([0, 128, 255, 300].map(signalPercent)).toEqual([0, 50, 100, 100]);
});
