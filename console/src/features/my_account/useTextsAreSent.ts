// Whether text messages go from this server to phones: without them nobody can show that a number is theirs.
import { useQuery } from "@tanstack/react-query";
import { getMyProfile } from "../../api/calls";
import { myAccount } from "./myAccount";

export function useTextsAreSent(): boolean {
  return useQuery({ queryKey: [myAccount.profileKey], queryFn: getMyProfile }).data?.texts_are_sent ?? false;
}
