// The accounts of one panel, live; and a comparison on order, which is waited for.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { checkPanelAccounts, listPanelAccounts } from "../../api/calls";
import { serverNow } from "../../api/clock";
import type { PanelAccountsState } from "../../api/types";
import { wasTried } from "./accountState";

/** What is being done shows within this time even where no event tells of it, in milliseconds. */
const ASK_EVERY = 2_000;
/** A comparison that was asked for is waited for at most so long, in milliseconds. */
const PATIENCE = 60_000;

export function useAccounts(deviceId: string, poll: number | false) {
  return useQuery({ queryKey: ["panel_accounts", deviceId], queryFn: () => listPanelAccounts(deviceId), refetchInterval: poll });
}

/** Asks for a comparison now; `waiting` until one was tried after that, or for a minute. */
export function useComparison(deviceId: string, state: PanelAccountsState) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ before: PanelAccountsState; until: number } | null>(null);
  const asking = useMutation({
    mutationFn: () => checkPanelAccounts(deviceId),
    onSuccess: () => {
      setAsked({ before: state, until: Date.now() + PATIENCE });
      void client.invalidateQueries({ queryKey: ["panel_accounts", deviceId] });
    },
  });
  const waiting = asked !== null && !wasTried(asked.before, state, serverNow());
  const until = asked?.until ?? 0;
  useEffect(() => {
    if (!waiting) return;
    const timer = window.setInterval(() => {
      if (Date.now() > until) setAsked(null);
      else void client.invalidateQueries({ queryKey: ["panel_accounts", deviceId] });
    }, ASK_EVERY);
    return () => window.clearInterval(timer);
  }, [client, deviceId, waiting, until]);
  return {
    ask: () => asking.mutate(), error: asking.error, waiting: asking.isPending || waiting,
  };
}
