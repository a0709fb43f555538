// What a panel's status means: which zones stand against arming, how each part is, and what is not known.
import type { DeviceHealth, PanelArea, PanelStatus, PanelZone } from "../../api/types";
import { ApiError } from "../../api/client";
import type { Translate } from "../../texts/times";

/** People count from 1, the panel from 0. */
export function zoneName(t: Translate, zone: Pick<PanelZone, "id" | "name">): string {
  return zone.name.trim() || t("panel.zone", { n: zone.id + 1 });
}

export function areaName(t: Translate, area: PanelArea | null): string {
  if (!area) return t("panel.all_areas");
  return area.name.trim() || t("panel.area", { n: area.id });
}

/** Areas that are in use: panels list every one that they could have. */
export function areasInUse(status: PanelStatus): PanelArea[] {
  return (status.areas ?? []).filter(({ enabled }) => enabled !== false);
}

/** The zones that stand against arming an area (null: any): open and not left out. */
export function zonesInTheWay(status: PanelStatus, area: number | null): PanelZone[] {
  return (status.zones ?? []).filter((zone) => {
    const here = area === null || zone.areas.length === 0 || zone.areas.includes(area);
    return here && zone.open === true && zone.bypassed !== true;
  });
}

/** The open zones that a refusal to arm names; null for every other refusal. */
export function openZonesOf(error: unknown): number[] | null {
  if (!(error instanceof ApiError) || error.code !== "panel_zone_open") return null;
  const zones = Array.isArray(error.details.zones) ? error.details.zones : [];
  return zones.map((zone: unknown) => (typeof zone === "object" && zone !== null ? (zone as { id?: unknown }).id : zone))
    .filter((id): id is number => typeof id === "number");
}

export type ZoneWord = "alarm" | "tamper" | "offline" | "open" | "closed" | "unknown";

/** How a zone is: the worst that the panel tells of it, and unknown where that is too old or was not told. */
export function zoneWord(zone: PanelZone, fresh: boolean): ZoneWord {
  if (!fresh) return "unknown";
  if (zone.alarm) return "alarm";
  if (zone.tamper) return "tamper";
  if (zone.offline) return "offline";
  if (zone.open === null) return "unknown";
  return zone.open ? "open" : "closed";
}

const KNOWN = ["disarmed", "stay", "away", "arming"] as const;
export type ArmWord = (typeof KNOWN)[number] | "other" | "unknown";

export function armWord(area: PanelArea, fresh: boolean): ArmWord {
  if (!fresh || area.arm === null) return "unknown";
  return KNOWN.find((word) => word === area.arm) ?? "other";
}

export type AreaButton = "away" | "stay" | "disarm" | "clear_alarm";

/** What is offered for an area; where its state is not known, everything that changes it. */
export function areaButtons(area: PanelArea, fresh: boolean): AreaButton[] {
  const word = armWord(area, fresh);
  const buttons: AreaButton[] = word === "disarmed" ? ["away", "stay"]
    : word === "unknown" || word === "other" ? ["away", "stay", "disarm"] : ["disarm"];
  return area.alarm === true && fresh ? [...buttons, "clear_alarm"] : buttons;
}

/** A yes or no of the panel as a tone: what was not told or is too old is never good. */
export function toneOf(good: boolean | null, fresh: boolean, bad: DeviceHealth = "offline"): DeviceHealth {
  if (!fresh || good === null) return "unknown";
  return good ? "healthy" : bad;
}

/** Strength of a radio (0 to 255) in percent. */
export function signalPercent(signal: number): number {
  return Math.round((Math.min(255, Math.max(0, signal)) / 255) * 100);
}
