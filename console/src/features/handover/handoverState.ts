// How the states of an invitation to own a site look, and what can be done in each.
import { IconBan, IconCircleCheck, IconHourglass, IconMailX, IconUserQuestion, IconX, type Icon } from "@tabler/icons-react";
import type { Asks, Device, DeviceAsk, DevicePermission, HandoverState, Validity } from "../../api/types";

type Tone = "healthy" | "faulty" | "offline" | "unknown";

export const LOOKS: Record<HandoverState, { Icon: Icon; tone: Tone }> = {
  not_registered: { Icon: IconUserQuestion, tone: "faulty" },
  pending: { Icon: IconHourglass, tone: "faulty" },
  accepted: { Icon: IconCircleCheck, tone: "healthy" },
  refused: { Icon: IconX, tone: "offline" },
  expired: { Icon: IconMailX, tone: "offline" },
  cancelled: { Icon: IconBan, tone: "unknown" },
};

/** Whether it can still be accepted. */
export const isOpen = (state: HandoverState) => state === "pending" || state === "not_registered";

export const PERMISSIONS: DevicePermission[] = ["configuration", "live_view", "playback"];
export const VALIDITIES: Validity[] = ["1h", "2h", "4h", "8h", "permanent"];

/** What is chosen of one permission: for which devices, and for how long. */
export interface Chosen { on: boolean; validity: Validity; devices: "all" | string[] }
export type Choice = Record<DevicePermission, Chosen>;

export const NOTHING: Choice = {
  configuration: { on: false, validity: "permanent", devices: "all" },
  live_view: { on: false, validity: "permanent", devices: "all" },
  playback: { on: false, validity: "permanent", devices: "all" },
};

/** As the API takes it. */
export function asksOf(site: boolean, choice: Choice, devices: Pick<Device, "id">[]): Asks {
  const of = (permission: DevicePermission): DeviceAsk[] => {
    const { on, validity, devices: chosen } = choice[permission];
    const ids = chosen === "all" ? devices.map(({ id }) => id) : chosen;
    return on ? ids.map((device_id) => ({ device_id, permission, validity })) : [];
  };
  return { site, devices: PERMISSIONS.flatMap(of) };
}

/** What was asked for, counted: a line a permission and validity. */
export function countAsks(asks: Asks): { permission: DevicePermission; validity: Validity; count: number }[] {
  const counts = PERMISSIONS.flatMap((permission) => VALIDITIES.map((validity) => ({
    permission, validity, count: (asks.devices ?? []).filter((ask) => ask.permission === permission && ask.validity === validity).length,
  })));
  return counts.filter(({ count }) => count > 0);
}
