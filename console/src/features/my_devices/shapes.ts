// What the portal asks about devices that one holds, frees, gives away and receives.
import { call } from "../../api/client";
import type { Captcha } from "../../api/types";

export type ScannedState = "yours" | "shared_with_you" | "somebody_elses" | "free" | "not_seen" | "ezviz";
export type Hindrance = "not_on_this_lan" | "offline" | "firmware" | "ezviz" | "several_networks";
export interface MyScan { serial: string; state: ScannedState; device_id: string | null; hindrance: Hindrance | null; lan_pages: string[] }
export interface CaptchaAnswer { id: string; answer?: string; work?: string }
export interface MyUnbindingCreate { serial: string; user_name?: string; admin_password: string; lan_code: string; captcha: CaptchaAnswer }
export type TransferState = "unconfirmed" | "offered" | "accepted" | "refused" | "withdrawn" | "void";
export interface DeviceTransfer {
  id: string; device_id: string | null; device_name: string; model: string; serial: string | null; login: string; state: TransferState;
  created_at: string; code_until: string; answered_at: string | null;
}
export interface ReceivedTransfer { id: string; device_name: string; model: string; serial: string | null; giver: string; region_differs: boolean; created_at: string }

export const createMyCaptcha = () => call<Captcha>("POST", "/my/captchas", { body: {} });
export const scanMine = (text: string) => call<MyScan>("POST", "/my/scans", { body: { text } });
export const createMyUnbinding = (body: MyUnbindingCreate) => call<{ serial: string; state: "free" }>("POST", "/my/unbindings", { body });
export const listDeviceTransfers = () => call<{ items: DeviceTransfer[] }>("GET", "/my/device_transfers");
export const createDeviceTransfer = (body: { device_id: string; login: string; verification_code: string }) => call<DeviceTransfer>("POST", "/my/device_transfers", { body });
export const confirmDeviceTransfer = (id: string, code: string) => call<DeviceTransfer>("POST", `/my/device_transfers/${id}/confirm`, { body: { code } });
export const withdrawDeviceTransfer = (id: string) => call<void>("DELETE", `/my/device_transfers/${id}`);
export const listReceivedTransfers = () => call<{ items: ReceivedTransfer[] }>("GET", "/my/received_transfers");
export const acceptReceivedTransfer = (id: string, body: { site_id?: string; site_name?: string }) =>
  call<{ device_id: string; site_id: string }>("POST", `/my/received_transfers/${id}/accept`, { body });
export const refuseReceivedTransfer = (id: string) => call<void>("POST", `/my/received_transfers/${id}/refuse`, { body: {} });

/** What a device is called where it may have no name. */
export const calledOf = ({ device_name, model, serial }: { device_name: string; model: string; serial: string | null }) => device_name || model || serial || "–";
