// The values of facts, by topic: what a device told, every part of it optional in practice.
import type { DeviceKind } from "./types";

export interface Identity {
  device_name: string; model: string; serial_number: string; sub_serial_number: string | null;
  short_serial: string | null; mac_address: string | null; firmware_version: string;
  firmware_released: string | null; hardware_version: string | null; manufacturer: string | null;
  device_type: string; kind: DeviceKind;
}
export interface RunStatus {
  uptime_seconds: number | null; cpu_percent: number | null; memory_percent: number | null;
  /** When it was noticed that it had started anew, in the last day. */
  restarts?: string[];
}
export interface Channel {
  number: number; name: string; source: "ip" | "analog" | "own"; online: boolean | null;
  video_loss: boolean | null; detail: string | null; address: string | null; model: string | null;
  firmware: string | null; recording?: boolean | null;
}
export interface Disk {
  id: string; name: string; kind: string;
  state: "ok" | "unformatted" | "error" | "working" | "empty" | "unknown";
  raw_state: string; capacity_mb: number | null; free_mb: number | null;
}
export interface DiskSmart {
  id: string; state: "good" | "failing" | "unknown"; raw_state: string;
  temperature_celsius: number | null; powered_on_days: number | null;
}
export interface Recording {
  overwrites: boolean | null;
  tracks: { channel: number; enabled: boolean; continuous: boolean }[];
  oldest: { channel: number; at: string } | null;
}
export interface NetworkInterface {
  id: string; addressing: string | null; ip_address: string | null; subnet_mask: string | null;
  gateway: string | null; dns: string[]; mac_address: string | null;
}
export interface Clock {
  mode: string | null; local_time: string; time_zone: string | null; offset_seconds: number | null;
}
export interface UserCheck { default_password: boolean | null; risk_password: boolean | null }
export interface Capabilities {
  cloud_service: boolean | null; cloud_unbind: boolean | null; video_inputs: number | null;
  alarm_inputs: number | null; alarm_outputs: number | null;
}
export interface Reachability {
  state: "ok" | "unreachable" | "login_refused" | "locked" | "too_many_sessions" | "certificate_changed" | "not_activated";
  reason?: string; tries_left?: number | null; until?: string | null; fingerprint?: string;
}
