// Who is signed in: one query that the whole console shares.
import { queryOptions, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { getSession } from "../../api/calls";
import { ApiError, setCsrfToken } from "../../api/client";
import type { Right, Session } from "../../api/types";

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

/** The session that a signed-in page stands in; the gate provides it. */
export const SessionContext = createContext<Session | null>(null);

/** The session of a page that is shown only when signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("used outside a signed-in page");
  return session;
}

/** Whether whoever is signed in has at least one of the rights. */
export function useMay(): (...rights: Right[]) => boolean {
  const { staff } = useSession();
  return (...rights) => rights.some((right) => staff.rights.includes(right));
}

/** Changes who is signed in, and forgets what the one before has seen. */
export function replaceSession(client: QueryClient, session: Session | null): void {
  renewSession(client, session);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
}

/** Goes on as the same person under another session id. */
export function renewSession(client: QueryClient, session: Session | null): void {
  setCsrfToken(session?.csrf_token ?? null);
  client.setQueryData(sessionQuery.queryKey, session);
}

/** Takes a session that a sign-in or the set-up has just made. */
export function useTakeSession(): (session: Session) => void {
  const client = useQueryClient();
  return (session) => replaceSession(client, session);
}
