// The way out.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { signOut } from "../../api/calls";
import { replaceSession } from "./session";

export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      // Away first and at once, so that the next person does not land on this one's page.
      await navigate("/sign-in", { replace: true, flushSync: true });
      replaceSession(client, null);
    },
  });
}
