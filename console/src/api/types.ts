// The names by which the console knows the API's types.
// They are written by hand after the API's description until `npm run generate` has one to read;
// from then on this file only passes on what src/api/generated.ts holds.

export type DeviceKind =
  | "camera" | "nvr" | "dvr" | "alarm_panel" | "intercom" | "access_control" | "switch" | "unknown";
export type DeviceHealth = "healthy" | "faulty" | "login_failed" | "offline" | "unknown";
export type SiteStatus = "not_invited" | "not_accepted" | "not_authorized" | "authorized";
export type SiteAction =
  | "view" | "invite_owner" | "manage_devices" | "edit" | "delete" | "apply_for_authorization";
export type ExceptionKind =
  | "device_offline" | "login_failed" | "disk_error" | "no_disk" | "video_loss" | "channel_offline";
export type ImportState = "password_needed" | "ready" | "running" | "done" | "expired";
export type RowState =
  | "new" | "duplicate_in_qr" | "on_this_site" | "on_other_site" | "unsupported_entry" | "invalid"
  | "address_not_allowed" | "waiting" | "running" | "added" | "failed";
export type Scheme = "http" | "https";
export type Topic =
  | "reachability" | "identity" | "status" | "channels" | "disks" | "network" | "clock" | "user_check"
  | "capabilities";

export interface ErrorBody { code: string; message: string; details?: Record<string, unknown> | null; request_id: string }

export interface Setup { needed: boolean; version: string }
export interface SetupRequest {
  setup_code: string;
  company: { name: string; region: string };
  admin: { name: string; email: string; password: string };
  public_url: string;
}
export interface Staff { id: string; name: string; email: string; is_admin: boolean; rights: string[] }
export interface Company { id: string; name: string; region: string; public_url: string; qr_age_limit_days: number | null }
export interface CompanyUpdate { name?: string; public_url?: string; qr_age_limit_days?: number | null }
export interface Session {
  staff: Staff;
  company: Company;
  csrf_token: string;
  expires_at: string;
  poll_period_seconds: number;
  limits: { devices_allow_loopback: boolean };
}
export interface Operation {
  id: string; at: string; who: string | null; action: string; object_kind: string; object_id: string;
  object_name: string; from_address: string; result: string;
}
export interface OperationPage { items: Operation[]; next_cursor: string | null }

export interface DeviceCounts {
  total: number; healthy: number; faulty: number; login_failed: number; offline: number; unknown: number;
}
export interface SiteSummary {
  id: string; name: string; address: string; time_zone: string; status: SiteStatus; owner: string | null;
  devices: DeviceCounts; created_at: string;
}
export interface SitePage { items: SiteSummary[]; next_cursor: string | null }
export interface Site {
  id: string; name: string; address: string; time_zone: string; sync_time: boolean; status: SiteStatus;
  allowed: SiteAction[]; devices: DeviceCounts; created_at: string;
}
export interface SiteCreate { name: string; address?: string; time_zone: string; sync_time?: boolean }
export type SiteUpdate = Partial<SiteCreate>;

export interface ImportRow {
  index: number; name: string; host: string; port: number; user_name: string; state: RowState;
  reason: { code: string; message: string } | null;
  other_site: { id: string; name: string } | null;
  device_id: string | null;
  found: { scheme: Scheme; port: number } | null;
}
export interface ImportCounts {
  total: number; ticked: number; waiting: number; running: number; added: number; failed: number;
}
export interface Import {
  id: string; site_id: string; state: ImportState; qr_created_at: string | null; age_days: number | null;
  older_than_limit: boolean; expires_at: string; rows: ImportRow[]; counts: ImportCounts;
}
export interface Label {
  serial: string; long_serial: string | null; model: string | null; has_verification_code: boolean;
}
export interface Scan { kind: "device_export" | "label"; import: Import | null; label: Label | null }

export interface Heartbeat { hour: string; up_seconds: number; down_seconds: number }
export interface OpenException { kind: ExceptionKind; part: string }
export interface DeviceSummary {
  id: string; site_id: string; site_name: string; name: string; kind: DeviceKind; kind_is_manual: boolean;
  model: string; firmware: string; serial: string | null; scheme: Scheme; host: string; port: number;
  user_name: string; health: DeviceHealth; health_since: string | null; measured_at: string | null;
  open_exceptions: OpenException[];
  heartbeat: (Heartbeat | null)[];
}
export interface DevicePage { items: DeviceSummary[]; next_cursor: string | null }
export interface FactView { topic: Topic; value: unknown; source: string; measured_at: string; fresh: boolean }
export interface Device extends DeviceSummary {
  facts: FactView[];
  certificate: { fingerprint: string; pending: string | null } | null;
  credential: { state: "ok" | "refused" | "locked"; until: string | null };
  polling: { next_at: string | null };
}
export interface DeviceCreate {
  name?: string; host: string; port: number; user_name: string; password: string; kind?: DeviceKind;
}
export type DeviceUpdate = Partial<DeviceCreate>;
export interface History {
  hours: (Heartbeat | null)[];
  transitions: { at: string; from: DeviceHealth; to: DeviceHealth }[];
}
export interface Exception {
  id: string; site_id: string; site_name: string; device_id: string; device_name: string; kind: ExceptionKind;
  part: string; opened_at: string; closed_at: string | null; duration_seconds: number | null;
}
export interface ExceptionPage { items: Exception[]; next_cursor: string | null }
