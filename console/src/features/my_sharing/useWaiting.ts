// How much waits for an end user: who asks for access, and what is offered to them.
import { useQuery } from "@tanstack/react-query";
import { listShareApplications } from "../../api/calls";
import { useReceivedOffers } from "./useReceivedOffers";

/** Pages without a stream ask so often, in milliseconds. */
const ASK_EVERY = 60_000;

export function useWaiting(): { asking: number; offered: number } {
  const asking = useQuery({ queryKey: ["my share applications"], queryFn: listShareApplications, refetchInterval: ASK_EVERY });
  const offered = useReceivedOffers(ASK_EVERY);
  return { asking: asking.data?.items.length ?? 0, offered: offered.data?.items.length ?? 0 };
}
