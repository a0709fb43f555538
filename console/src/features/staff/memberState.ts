// What may be done with a member of staff, and by whom; the server has the last word.
import type { Session, StaffMember } from "../../api/types";
import { lacking } from "../roles/rights";

export type MemberAction = "disable" | "enable" | "end_sessions" | "reset_two_factor" | "delete";

type Caller = Pick<Session["staff"], "id" | "is_admin" | "rights">;

/** Whether somebody's name and role may be changed: not of those who may do more than oneself. */
export function mayEdit(member: StaffMember, caller: Caller): boolean {
  if (caller.is_admin) return true;
  return !member.is_admin && lacking(member.rights, caller.rights).length === 0;
}

/** Nobody gets a role beside the Admin's, and nobody gives themself one. */
export function mayGiveRole(member: StaffMember, caller: Caller): boolean {
  return !member.is_admin && member.id !== caller.id && mayEdit(member, caller);
}

/** What the menu offers. */
export function actionsOn(member: StaffMember, caller: Caller): MemberAction[] {
  if (!mayEdit(member, caller) || member.id === caller.id) return [];
  const may: MemberAction[] = [];
  if (!member.disabled) may.push("end_sessions");
  if (caller.is_admin && member.two_factor) may.push("reset_two_factor");
  if (!member.is_admin) may.push(member.disabled ? "enable" : "disable", "delete");
  return may;
}
