// What can be chosen in a rule, in the order in which it is offered.
import type { DeviceKind, ExceptionKind, IncidentKind, Severity } from "../../api/types";

export const SEVERITIES: Severity[] = ["critical", "warning", "info"];

/** Most often first. */
export const EXCEPTION_KINDS: ExceptionKind[] = [
  "device_offline", "login_failed", "video_loss", "channel_offline", "recording_gap", "disk_error", "disk_full", "no_disk", "clock_drift",
  "reboots_often", "address_changed", "tamper", "low_battery", "mains_lost", "panel_link_down", "zone_fault", "peripheral_offline",
  "firmware_vulnerable", "offline_after_upgrade",
];

export const KINDS: IncidentKind[] = [...EXCEPTION_KINDS, "link_offline"];

export const DEVICE_KINDS: DeviceKind[] = ["camera", "nvr", "dvr", "alarm_panel", "intercom", "access_control", "switch", "router", "unknown"];

/** In minutes. */
export const THRESHOLDS = [0, 5, 15, 30, 60, 240, 1440];
