// An exception in words: its kind and the part it is about.
import type { ExceptionKind } from "../../api/types";
import type { Translate } from "../../texts/times";

export function exceptionText(t: Translate, kind: ExceptionKind, part: string): string {
  const text = t(`exception_kind.${kind}`);
  if (!part) return text;
  return `${text}, ${t(kind.startsWith("disk") ? "exceptions.part_disk" : "exceptions.part_channel", { part })}`;
}
