// An incident in words: the cause, what is wrong with it, and what it takes with it.
import type { IncidentKind } from "../../api/types";
import type { Translate } from "../../texts/times";

interface Told { name: string; kind: IncidentKind; affected: number; cameras: number }

export function incidentTitle(t: Translate, { name, kind }: Told): string {
  const what = kind === "link_offline" ? t("incidents.link_offline") : t(`exception_kind.${kind}`);
  return `${name || t("devices.unnamed")}: ${what}`;
}

/** How many are affected; cameras where all of them are. */
export function affectedText(t: Translate, { affected, cameras }: Told): string {
  if (affected === 0) return t("incidents.none_affected");
  return t(affected === cameras ? "incidents.cameras" : "incidents.devices", { count: affected });
}

/** Those that take others with them, the one that takes most first. */
export function withOthers<T extends { affected: number }>(incidents: T[]): T[] {
  return incidents.filter(({ affected }) => affected > 0).sort((one, other) => other.affected - one.affected);
}
