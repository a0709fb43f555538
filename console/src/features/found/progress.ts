// How far a batch of additions is.
import type { Addition } from "../../api/types";
import { isWaiting } from "../additions/additionState";

/** Whether it will not change by itself: added, or a person has to do something. */
export function isSettled(addition: Pick<Addition, "state" | "next">): boolean {
  return addition.state === "added" || addition.state === "failed" || !isWaiting(addition);
}

export interface Counts { added: number; asking: number; total: number }

export function countsOf(items: Pick<Addition, "state" | "next">[], total: number): Counts {
  const added = items.filter(({ state }) => state === "added").length;
  return { added, asking: items.filter(isSettled).length - added, total };
}
