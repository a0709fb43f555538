import type { DeviceKind, DeviceHealth, GiverKind, SharePermission } from "../../api/types";
import { call, query } from "../../api/client";

type Filter = Record<string, string | number | boolean | null | undefined>;
export interface Page<T> { items: T[]; next_cursor: string | null }
export interface SharedChannel { device_id: string; channel: number; permissions: SharePermission[] }
export interface SharedChannelView extends SharedChannel { device_name: string; device_kind: DeviceKind; channel_name: string | null }
export type AnswerState = "pending" | "accepted" | "refused" | "withdrawn" | "void";
export interface ShareOffer { id: string; site_id: string; site_name: string; receiver: string; way: "account" | "face_to_face"; state: AnswerState; created_at: string; answered_at: string | null; channels: SharedChannelView[] }
export interface ReceivedOffer { id: string; giver_name: string; site_name: string; created_at: string; region_differs: boolean; channels: SharedChannelView[] }
export interface GivenShare { id: string; site_id: string; site_name: string; receiver_id: string; receiver_name: string; receiver_email: string; created_at: string; channels: SharedChannelView[] }
export interface ShareCodePictures { png: string; svg: string }
export interface ShareCodeMade { id: string; url: string; expires_at: string; pictures: ShareCodePictures }
export interface ShareCode { id: string; kind: "temporary" | "long_term"; label: string; site_name: string; created_at: string; expires_at: string; ended_at: string | null; most_receivers: number | null; receivers: number; channels: SharedChannelView[] }
export interface ShareCodeCreate { kind: "temporary" | "long_term"; channels: SharedChannel[]; label?: string; password?: string; days?: number; most_receivers?: number }
export interface ShareCodeLook { giver_name: string; label: string; kind: "temporary" | "long_term"; expires_at: string; channels: SharedChannelView[] }
export interface ShareApplication { id: string; code_id: string; label: string; site_name: string; applicant_name: string; applicant_email: string; created_at: string; channels: SharedChannelView[] }
export interface OwnApplication { id: string; giver_name: string; label: string; state: AnswerState; created_at: string; answered_at: string | null; channels: SharedChannelView[] }
export interface AccountCode { url: string; expires_at: string; pictures: ShareCodePictures }
export interface ReceivedShareView { id: string; site_name: string; site_address: string; name: string | null; giver_name: string; giver_kind: GiverKind; created_at: string; channels: (SharedChannelView & { health: DeviceHealth; serial: string | null })[] }

export const createShareOffer = (body: { login?: string; account_token?: string; channels: SharedChannel[] }) => call<ShareOffer>("POST", "/my/share_offers", { body });
export const listShareOffers = (filter: Filter) => call<Page<ShareOffer>>("GET", `/my/share_offers${query(filter)}`);
export const withdrawShareOffer = (id: string) => call<void>("DELETE", `/my/share_offers/${id}`);
export const listReceivedOffers = () => call<{ items: ReceivedOffer[] }>("GET", "/my/received_offers");
export const acceptReceivedOffer = (id: string) => call<unknown>("POST", `/my/received_offers/${id}/accept`, { body: {} });
export const refuseReceivedOffer = (id: string) => call<unknown>("POST", `/my/received_offers/${id}/refuse`, { body: {} });
export const listGivenShares = (filter: Filter) => call<Page<GivenShare>>("GET", `/my/given_shares${query(filter)}`);
export const updateGivenShare = (id: string, channels: SharedChannel[]) => call<unknown>("PATCH", `/my/given_shares/${id}`, { body: { channels } });
export const removeGivenShare = (id: string) => call<void>("DELETE", `/my/given_shares/${id}`);
export const removeGivenSharesOf = (receiver: string) => call<void>("DELETE", `/my/given_shares${query({ receiver_id: receiver })}`);
export const createShareCode = (body: ShareCodeCreate) => call<ShareCodeMade>("POST", "/my/share_codes", { body });
export const listShareCodes = (filter: Filter) => call<Page<ShareCode>>("GET", `/my/share_codes${query(filter)}`);
export const renewShareCode = (id: string) => call<ShareCodeMade>("POST", `/my/share_codes/${id}/renew`, { body: {} });
export const revokeShareCode = (id: string) => call<void>("DELETE", `/my/share_codes/${id}`);
export const lookAtShareCode = (token: string, password?: string) => call<ShareCodeLook>("POST", "/my/share_codes/look", { body: { token, password } });
export const applyForShare = (token: string, password?: string) => call<OwnApplication>("POST", "/my/share_applications", { body: { token, password } });
export const listShareApplications = () => call<{ items: ShareApplication[] }>("GET", "/my/share_applications");
export const acceptShareApplication = (id: string, channels: SharedChannel[]) => call<unknown>("POST", `/my/share_applications/${id}/accept`, { body: { channels } });
export const refuseShareApplication = (id: string) => call<unknown>("POST", `/my/share_applications/${id}/refuse`, { body: {} });
export const listOwnApplications = () => call<{ items: OwnApplication[] }>("GET", "/my/own_applications");
export const withdrawOwnApplication = (id: string) => call<void>("DELETE", `/my/own_applications/${id}`);
export const createAccountCode = () => call<AccountCode>("POST", "/my/account_codes", { body: {} });
export const readAccountCode = (token: string) => call<{ name: string }>("POST", "/my/account_codes/read", { body: { token } });
export const listReceivedShares = (filter: Filter) => call<Page<ReceivedShareView>>("GET", `/my/shares${query(filter)}`);
