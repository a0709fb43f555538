// The types of staff, roles and one's own account, until the API's description has them.
import type { Company, Right, Session } from "./types";

export type Language = "en" | "ru";

export interface Named { id: string; name: string }

export interface Page<T> { items: T[]; next_cursor: string | null }

export interface Member {
  id: string; name: string; email: string; is_admin: boolean; disabled: boolean; role: Named | null; rights: Right[];
  language: Language; time_zone: string; two_factor: boolean; sites: number; panel_accounts: number;
  created_at: string; last_seen_at: string | null;
}
export interface MemberUpdate { name?: string; role_id?: string }

export interface AdminHandOver { staff_id: string; password: string; code?: string; role_id: string }

export type InvitationState = "pending" | "accepted" | "cancelled" | "expired";
export interface Invitation {
  id: string; email: string; name: string; role: Named; language: Language; state: InvitationState; created_at: string;
  expires_at: string; invited_by: string | null;
}
export interface InvitationCreate { email: string; name: string; role_id: string; language: Language }

export interface Role { id: string; name: string; rights: Right[]; members: number }
export interface RoleCreate { name: string; rights: Right[] }

export interface AssignedSite { site_id: string; name: string; expires_at: string | null }

export type PanelAccountState = "adding" | "waiting_for_sign_in" | "there" | "refused" | "removing" | "unexpected";
export type PanelRole = "installer_admin" | "installer" | "owner" | "operator";
export interface PersonsPanelAccount {
  device_id: string; device_name: string; site_name: string; user_name: string; role: PanelRole; state: PanelAccountState;
  since: string;
}
export interface PersonsPanelRemoval {
  device_name: string; serial: string | null; site_name: string; user_name: string; role: PanelRole; removed_at: string;
}
export interface PersonsPanels { items: PersonsPanelAccount[]; removed: PersonsPanelRemoval[]; next_cursor?: string | null }

export interface Profile {
  name: string; email: string; language: Language; time_zone: string;
  two_factor: { enabled: boolean; since: string | null; recovery_codes_left: number };
  two_factor_required: boolean;
}
export interface ProfileUpdate { name?: string; language?: Language; time_zone?: string }
export interface PasswordChange { password: string; new_password: string; code?: string }
export interface TwoFactorBegun { secret: string; uri: string }
export interface RecoveryCodes { recovery_codes: string[] }
export interface Proof { password: string; code: string }

export interface SignedInPlace {
  id: string; current: boolean; created_at: string; last_used_at: string; from_address: string; user_agent: string;
  expires_at: string;
}

/** What the session tells beside what is described already. */
export type FullSession = Session & {
  two_factor_enrolment_needed?: boolean;
  company: Company & { two_factor_required?: boolean };
  staff: Session["staff"] & { language?: Language; time_zone?: string };
};
