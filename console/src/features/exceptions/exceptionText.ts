// An exception in words: its kind and the part it is about.
import type { ExceptionKind } from "../../api/types";
import type { Translate } from "../../texts/times";

export function exceptionText(t: Translate, kind: ExceptionKind, part: string): string {
  const text = t(`exception_kind.${kind}`);
  if (!part) return text;
  return `${text}, ${partText(t, kind, part)}`;
}

/** The part of a device: a disk, a channel, or what is on an alarm panel, which counts its zones from 0. */
function partText(t: Translate, kind: ExceptionKind, part: string): string {
  const [of = "", id = ""] = part.split(":");
  if (kind === "panel_link_down") return t(`exceptions.part_${part}`);
  if (of === "zone") return t("exceptions.part_zone", { part: Number(id) + 1 });
  if (of === "battery") return t("exceptions.part_battery", { part: id });
  if (id) return `${t(`panel_peripheral.${of}`, { defaultValue: of })} ${id}`;
  return t(kind.startsWith("disk") ? "exceptions.part_disk" : "exceptions.part_channel", { part });
}
