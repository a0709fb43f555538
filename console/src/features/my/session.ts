// Which end user is signed in: one query that the whole portal shares. What belongs to it has a key that begins with "my ".
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { getMySession } from "../../api/calls";
import { ApiError, setCsrfToken } from "../../api/client";
import type { MySession } from "../../api/types";

export const mySessionQuery = queryOptions({
  queryKey: ["my session"],
  queryFn: async (): Promise<MySession | null> => {
    try {
      const session = await getMySession();
      setCsrfToken(session.csrf_token, "my");
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** The session that a page of the portal stands in; its gate provides it. */
export const MySessionContext = createContext<MySession | null>(null);

/** The session of a page that is shown only to an end user who is signed in. */
export function useMySession(): MySession {
  const session = useContext(MySessionContext);
  if (!session) throw new Error("used outside a signed-in page");
  return session;
}

/** Whether a query is the portal's. */
export function isMine(queryKey: readonly unknown[]): boolean {
  return String(queryKey[0]).startsWith("my ");
}

/** Changes which end user is signed in, and forgets what the one before has seen. */
export function replaceMySession(client: QueryClient, session: MySession | null): void {
  renewMySession(client, session);
  client.removeQueries({ predicate: ({ queryKey }) => isMine(queryKey) && queryKey[0] !== "my session" });
}

/** Goes on as the same person under another session id. */
export function renewMySession(client: QueryClient, session: MySession | null): void {
  setCsrfToken(session?.csrf_token ?? null, "my");
  client.setQueryData(mySessionQuery.queryKey, session);
}
