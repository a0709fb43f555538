// The names by which the console knows the API's types: generated from the API's description, save what that does not tell yet.
import type * as G from "./generated";

export type * from "./generated";

export type AddState =
  | "unknown" | "offline" | "not_activated" | "service_disabled" | "waiting_for_registration" | "login_needed" | "login_refused"
  | "wrong_verification_code" | "firmware_too_old" | "on_this_site" | "on_other_site" | "someone_elses" | "ready" | "added" | "failed";
export type NextStep =
  | "check_label" | "check_cables" | "create_password" | "create_verification_code" | "wait" | "enter_login"
  | "enter_verification_code" | "upgrade" | "open_device" | "unbind" | "add" | "none";
export type BindState = "unknown" | "free" | "bound";

export interface Link {
  id: string; site_id: string; name: string; state: "waiting" | "online" | "offline" | "revoked"; version: string | null;
  system: string | null; last_seen_at: string | null; devices_found: number; enrolled_at: string | null; created_at: string;
}
export interface LinkList { items: Link[] }
export interface LinkCreated { link: Link; code: string; expires_at: string; command: string }

export interface FoundDevice {
  serial: string; model: string; firmware: string; kind: G.DeviceKind; host: string; mac: string | null; link_id: string;
  link_name: string; online: boolean; activated: boolean | null; service_enabled: boolean | null; bind: BindState; state: AddState;
  next: NextStep; device_id: string | null; last_seen_at: string;
}
export interface FoundList { items: FoundDevice[] }

export type HelpCheck = "link" | "power" | "cable" | "wi_fi" | "same_lan" | "dhcp" | "dns" | "gateway" | "ports" | "serial";
export interface AdditionHelp {
  kind: G.DeviceKind; checks: HelpCheck[]; last_seen_at: string | null; last_host: string | null; links_online: number;
}
export type UnbindRefusal = "firmware" | "ezviz" | "not_on_this_lan" | "offline" | "not_bound";
export interface Addition {
  id: string; site_id: string; serial: string; name: string; model: string | null; kind: G.DeviceKind; state: AddState; next: NextStep;
  reason: G.Reason | null; help: AdditionHelp | null; online: boolean | null; host: string | null;
  link: { id: string; name: string } | null; other_site: G.OtherSite | null; device_id: string | null;
  unbind: { possible: boolean; reason: UnbindRefusal | null } | null;
  has_verification_code: boolean; has_login: boolean; expires_at: string;
}
export interface AdditionList { items: Addition[] }
export interface AdditionCreate {
  text?: string; serial?: string; verification_code?: string; name?: string; user_name?: string; password?: string;
}
export interface AdditionBatch {
  items: { serial: string; name?: string; password?: string; verification_code?: string }[]; password?: string; user_name?: string;
}

export interface Captcha { id: string; picture: string; work: { challenge: string; difficulty: number }; expires_at: string }
export interface Unbind {
  serial: string; user_name?: string; password: string; captcha: { id: string; answer?: string; work?: string };
}
export interface Unbound { state: "free"; addition: Addition | null }

export type PasswordChangeState = "waiting" | "running" | "done" | "failed";
export interface PasswordChange { state: PasswordChangeState; reason: string | null; requested_at: string }
export interface DevicePasswordState extends PasswordChange { device_id: string }
export type DeviceOperation =
  | "edit" | "move" | "delete" | "reboot" | "time" | "snapshot" | "password" | "device_qr" | "remote_configuration";
export interface DeviceQrRequest {
  device_ids: string[]; kind: "sealed" | "plain" | "vendor"; password?: string; confirmed?: boolean; format: "png" | "svg";
  valid_days?: number;
}
export interface DeviceQr { pictures: { devices: string[]; format: "png" | "svg"; data: string }[]; weak: boolean }
export interface RemoteSession { id: string; url: string | null; expires_at: string; idle_minutes: number }
export interface AppHint { name: string; version: string; link: string }
export interface SiteAppHint extends AppHint { qr_svg: string }
interface Reached { access: "direct" | "link"; link: { id: string; name: string; online: boolean } | null; mac: string | null }
export type DeviceSummary = G.DeviceSummary & Reached;
export interface DevicePage { items: DeviceSummary[]; next_cursor: string | null }
export type Device = G.Device & Reached & { password_change: PasswordChange | null; operations: DeviceOperation[] };
export type Company = G.Company & { app_hint: AppHint | null };
export type CompanyUpdate = G.CompanyUpdate & { app_hint?: AppHint | null };
export type Session = Omit<G.Session, "company"> & { company: Company };
export type ImportRow = G.ImportRow & { serial: string | null; access: "direct" | "link" };
export type Import = Omit<G.Import, "rows"> & {
  rows: ImportRow[]; kind: "vendor_export" | "sealed"; weak: boolean; password_change_offered: boolean;
};
export type ScanKind = G.ScanKind | "sealed_qr";
export interface Scan { kind: ScanKind; import: Import | null; label: G.Label | null; addition: Addition | null }
