// Groups of devices that run the same: which are shown, and where their devices are.
import type { FleetGroup } from "../../api/types";

export interface FleetFilter { search: string; kind: string | null; verdict: string | null }

/** The groups of a filter, the worst verdict first as the API's words are ordered, then the largest. */
export function shownGroups(groups: FleetGroup[], filter: FleetFilter, verdicts: readonly string[]): FleetGroup[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (group: FleetGroup) => {
    const text = `${group.model} ${group.firmware} ${group.cves.join(" ")}`.toLowerCase();
    return (!filter.kind || group.kind === filter.kind) && (!filter.verdict || group.verdict === filter.verdict)
      && words.every((word) => text.includes(word));
  };
  // A router is only knocked at: there is no firmware to tell of.
  const tells = (group: FleetGroup) => group.kind !== "router" || group.model !== "" || group.firmware !== "";
  const place = (group: FleetGroup) => verdicts.indexOf(group.verdict);
  return groups.filter((group) => tells(group) && fits(group)).sort((one, other) => place(one) - place(other) || other.devices - one.devices);
}

/** The page of a group's devices. */
export function groupAddress({ kind, model, firmware }: FleetGroup): string {
  return `/fleet/devices?${new URLSearchParams({ kind, model, firmware })}`;
}

/** Where a CVE is described. */
export function recordAddress(cve: string): string {
  return `https://www.cve.org/CVERecord?id=${encodeURIComponent(cve)}`;
}
