// The offers that wait for an end user's answer: for the reminders, and for the number beside the way to them.
import { listReceivedOffers } from "../../api/calls";
import { useQuery } from "@tanstack/react-query";

export function useReceivedOffers(poll: number | false = false) {
  return useQuery({ queryKey: ["my received offers"], queryFn: listReceivedOffers, refetchInterval: poll });
}
