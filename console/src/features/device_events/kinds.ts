// Kinds of what devices tell, in the order in which a person looks for them, and where each happens.
import type { DeviceEventKind } from "../../api/types";

type Place = "channel" | "zone" | "door";

const PLACES: Record<DeviceEventKind, Place> = {
  motion: "channel", line_crossing: "channel", intrusion: "channel", region_entrance: "channel", region_exiting: "channel",
  tamper: "channel", video_loss: "channel", alarm_input: "channel", pir: "channel",
  door_opened: "door", door_forced: "door", door_open_too_long: "door", visitor_calling: "door",
  zone_alarm: "zone", zone_tamper: "zone", armed: "zone", disarmed: "zone", panic: "zone", mains_lost: "zone", low_battery: "zone",
  disk_full: "channel", disk_error: "channel", network_disconnected: "channel", ip_conflict: "channel", illegal_access: "channel",
  other: "channel",
};

export const KINDS = Object.keys(PLACES) as DeviceEventKind[];

/** What the number of an event of a kind counts. */
export const placeOf = (kind: DeviceEventKind): Place => PLACES[kind];
