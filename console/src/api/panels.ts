// Types of routes that the API's description does not have yet; they go as soon as it has them.

export type PanelLinkState = "up" | "down" | "absent" | (string & {});
export type PanelArmState = "disarmed" | "stay" | "away" | "arming" | (string & {});
export interface PanelBattery { id: number | null; percent: number | null; state: string | null }
export interface PanelLinks { cable: PanelLinkState | null; wifi: PanelLinkState | null; cellular: PanelLinkState | null }
export interface PanelArea { id: number; name: string; arm: PanelArmState | null; alarm: boolean | null; enabled: boolean | null }
export interface PanelZone {
  id: number; name: string; state: string | null; detector: string | null; open: boolean | null; tamper: boolean | null;
  bypassed: boolean | null; alarm: boolean | null; battery_percent: number | null; battery_low: boolean | null; signal: number | null;
  areas: number[]; offline: boolean | null;
}
export interface PanelPeripheral {
  kind: string; id: number; name: string; state: string | null; battery_percent: number | null; battery_low: boolean | null;
  signal: number | null; tamper: boolean | null; offline: boolean | null;
}
export interface PanelStatus {
  mains: boolean | null; tamper: boolean | null; batteries: PanelBattery[] | null; links: PanelLinks | null;
  areas: PanelArea[] | null; zones: PanelZone[] | null; peripherals: PanelPeripheral[] | null;
}
export interface Panel { status: PanelStatus | null; measured_at: string | null; fresh: boolean; source: string }

export type PanelAccountState = "adding" | "waiting_for_sign_in" | "there" | "refused" | "removing" | "unexpected";
export type Because = "admin" | "manages_all_sites" | "manages_site" | "owns_site" | "shared";
export interface PanelAccount {
  id: string; person: { kind: "staff" | "end_user"; id: string; name: string } | null; user_name: string; role: string;
  because: Because | null; state: PanelAccountState; reason_code: string | null; since: string; password: "own" | "random" | "none";
}
export interface PanelAccountsState {
  checked_at: string | null; due_at: string; reason_code: string | null; method: string | null; leaving: boolean;
}
export interface PanelAccountList { state: PanelAccountsState; items: PanelAccount[] }

export type PanelExitState = "running" | "clean" | "given_up";
export interface PanelExit {
  id: string; device_id: string; device_name: string; model: string; serial: string | null; site_name: string; state: PanelExitState;
  begun_at: string; ended_at: string | null; ended_by: string | null; waiting_for: string[]; reason_code: string | null;
}
export interface PanelExitProof extends PanelExit {
  removed: { person_name: string; user_name: string; role: string; removed_at: string }[];
  remaining: { user_name: string; role: string }[];
}
export interface PanelExitPage { items: PanelExit[]; next_cursor: string | null }

export interface SiteManager {
  staff_id: string; name: string; email: string; role: string | null; expires_at: string | null; expired: boolean;
  because: "admin" | "manages_all_sites" | "manages_site";
}
export interface SiteManagerList { items: SiteManager[] }
export interface SiteManagersUpdate { site_ids: string[]; managers: { staff_id: string; expires_at: string | null }[] }
export interface SiteManagersSet { sites: number; ignored: string[] }
