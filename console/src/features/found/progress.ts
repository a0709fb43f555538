// How far a batch of additions is.
import type { Addition } from "../../api/types";
import { isWaiting } from "../additions/additionState";

type Part = Pick<Addition, "state" | "next">;

/** Whether it will not change by itself: added, or a person has to do something. `looked`: the worker had time for a first look. */
export function isSettled(addition: Part, looked: boolean): boolean {
  if (addition.state === "added" || addition.state === "failed") return true;
  if (addition.state === "unknown" && !looked) return false;
  return !isWaiting(addition);
}

export interface Counts { added: number; asking: number; total: number }

export function countsOf(items: Part[], looked: boolean): Counts {
  const added = items.filter(({ state }) => state === "added").length;
  return { added, asking: items.filter((item) => isSettled(item, looked)).length - added, total: items.length };
}
