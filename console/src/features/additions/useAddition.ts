// One addition, followed: the wizard goes on by itself when the server has.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getAddition } from "../../api/calls";
import type { Addition } from "../../api/types";
import { isFinal } from "./additionState";

const ASK_EVERY = 2_000;

export function useAddition(id: string) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["addition", id],
    queryFn: () => getAddition(id),
    refetchInterval: ({ state }) => (state.data && isFinal(state.data) ? false : ASK_EVERY),
  });
  const state = found.data?.state;
  useEffect(() => {
    // What the wizard reaches is seen on the site's page behind it.
    for (const name of ["additions", "found"]) void client.invalidateQueries({ queryKey: [name] });
    if (state !== "added") return;
    for (const name of ["devices", "site", "sites"]) void client.invalidateQueries({ queryKey: [name] });
  }, [client, state]);
  return found;
}

/** A step that a person takes; its answer is the addition as it then stands. */
export function useStep<Input>(run: (input: Input) => Promise<Addition>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (next) => {
      // What is being asked for may still tell how it stood before.
      await client.cancelQueries({ queryKey: ["addition", next.id] });
      client.setQueryData(["addition", next.id], next);
    },
  });
}
