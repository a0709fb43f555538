// Who is signed in: one query that the whole console shares.
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { getSession } from "../../api/calls";
import { ApiError, setCsrfToken } from "../../api/client";
import type { Session } from "../../api/types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await getSession();
      setCsrfToken(session.csrf_token);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** The session of a page that is shown only when signed in. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("used outside a signed-in page");
  return data;
}

/** Takes a session that a sign-in or the set-up has just made. */
export function useTakeSession(): (session: Session) => void {
  const client = useQueryClient();
  return (session) => {
    client.clear();
    setCsrfToken(session.csrf_token);
    client.setQueryData(["session"], session);
  };
}
