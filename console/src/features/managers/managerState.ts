// The managers to be of one or many sites, as they are put together in the dialog.
import type { SiteManager, SiteManagersUpdate, StaffMember } from "../../api/types";
import { browserTimeZone } from "../sites/timeZones";
import { instantOf, localOf } from "./zonedTime";

/** So many sites or managers in one call. */
export const MOST = 100;

export interface ChosenSite { id: string; name: string; time_zone: string }

/** Somebody chosen; `until` is as a date-time field writes it, empty for no end. */
export interface Chosen {
  staff_id: string; name: string; email: string; role: string | null; until: string;
  /** Why choosing them changes nothing. */
  idle: "manages_all_sites" | "right_missing" | null;
}

/** Those who manage the site by assignment now; an expired one is chosen anew by a person or not at all. */
export function chosenOf(managers: SiteManager[], zone: string): Chosen[] {
  return managers.filter(({ because, expired }) => because === "manages_site" && !expired).map((manager) => ({
    staff_id: manager.staff_id, name: manager.name, email: manager.email, role: manager.role,
    until: manager.expires_at ? localOf(manager.expires_at, zone) : "", idle: null,
  }));
}

export function chosenMember(member: StaffMember): Chosen {
  const all = member.is_admin || member.rights.includes("manage_all_sites");
  return {
    staff_id: member.id, name: member.name, email: member.email, role: member.role?.name ?? null, until: "",
    idle: all ? "manages_all_sites" : member.rights.includes("manage_assigned_sites") ? null : "right_missing",
  };
}

/** The zone in which ends are typed: that of the sites where they share one, else the person's own. */
export function zoneOf(sites: ChosenSite[]): { zone: string; own: boolean } {
  const [first] = sites;
  const shared = first !== undefined && sites.every(({ time_zone }) => time_zone === first.time_zone);
  return shared ? { zone: first.time_zone, own: false } : { zone: browserTimeZone(), own: true };
}

/** What is wrong with an end, as the key of a text; null when it is fine. */
export function untilError(until: string, zone: string, now: number): "managers.until_wrong" | "managers.until_past" | null {
  if (until === "") return null;
  const instant = instantOf(until, zone);
  if (instant === null) return "managers.until_wrong";
  return Date.parse(instant) <= now ? "managers.until_past" : null;
}

/** What is sent, or null while an end is wrong. */
export function updateOf(chosen: Chosen[], sites: ChosenSite[], zone: string, now: number): SiteManagersUpdate | null {
  if (sites.length === 0 || sites.length > MOST || chosen.length > MOST) return null;
  if (chosen.some(({ until }) => untilError(until, zone, now) !== null)) return null;
  return {
    site_ids: sites.map(({ id }) => id),
    managers: chosen.map(({ staff_id, until }) => ({ staff_id, expires_at: until === "" ? null : instantOf(until, zone) })),
  };
}
