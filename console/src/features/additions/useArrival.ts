// A device that was not there, or belonged to somebody: when a link of the site sees that this has changed, the addition is
// looked at again, so that the wizard goes on without a tap (R-D5, R-U2).
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { checkAddition, listFound } from "../../api/calls";
import type { Addition, AddState } from "../../api/types";
import { useStep } from "./useAddition";

const ASK_EVERY = 4_000;
const PATIENCE = 30_000;
const STUCK: ReadonlySet<AddState> = new Set(["unknown", "offline", "someone_elses"]);

/** Whether the links tell something else of a device than the addition knows. */
export function hasMoved(addition: Pick<Addition, "state" | "serial">, found: { serial: string; state: AddState }[]): boolean {
  if (!STUCK.has(addition.state)) return false;
  const seen = found.find(({ serial }) => serial === addition.serial);
  return seen !== undefined && seen.state !== addition.state;
}

export function useArrival(addition: Addition, siteId: string): void {
  const step = useStep(() => checkAddition(addition.id));
  const found = useQuery({
    queryKey: ["found", siteId], queryFn: () => listFound(siteId), enabled: STUCK.has(addition.state), refetchInterval: ASK_EVERY,
  });
  const items = found.data?.items ?? [];
  const moved = hasMoved(addition, items);
  const news = moved ? `${addition.state} ${items.find(({ serial }) => serial === addition.serial)?.state}` : null;
  // One look a piece of news, and again only after a while where that look found nothing else.
  const told = useRef({ news: "", at: 0 });
  const { mutate, isPending } = step;
  const at = found.dataUpdatedAt;
  useEffect(() => {
    if (!news || isPending || (told.current.news === news && at - told.current.at < PATIENCE)) return;
    told.current = { news, at };
    mutate(undefined);
  }, [news, isPending, mutate, at]);
}
