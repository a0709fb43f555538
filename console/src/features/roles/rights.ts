// The rights of a role, and what may be done with roles that have them.
import type { Right } from "../../api/types";
import type { Translate } from "../../texts/times";

/** Every right, the furthest reaching first. */
export const RIGHTS: Right[] = [
  "manage_all_sites", "manage_assigned_sites", "add_site", "view_exceptions", "remote_configuration", "upgrade_firmware", "handover",
  "manage_staff", "manage_roles",
];

/** Rights in a few words; what a further reaching one brings along is not said again. */
export function rightsText(rights: readonly Right[], t: Translate): string {
  if (rights.length === 0) return t("right.none");
  if (RIGHTS.every((right) => rights.includes(right))) return t("right.all");
  const all = rights.includes("manage_all_sites");
  return RIGHTS
    .filter((right) => rights.includes(right) && !(all && right === "manage_assigned_sites"))
    .map((right) => t(`right.${right}`)).join(" · ");
}

/** The rights among `wanted` that somebody with `held` may not give. */
export function lacking(wanted: readonly Right[], held: readonly Right[]): Right[] {
  return RIGHTS.filter((right) => wanted.includes(right) && !held.includes(right));
}
