// What is kept of answers, and when a call is tried again by itself.
import { QueryClient } from "@tanstack/react-query";
import { ApiError, setCsrfToken, whenOutOfDate, whenSignedOut } from "./client";

/** Only what may pass by itself is tried again: no network, and a server that says "busy". */
function tryAgain(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503);
}

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: tryAgain, staleTime: 2_000, refetchOnWindowFocus: true } },
  });
  whenSignedOut((side) => {
    setCsrfToken(null, side);
    const key = [side === "my" ? "my session" : "session"];
    if (client.getQueryData(key)) client.setQueryData(key, null);
  });
  whenOutOfDate(() => void client.invalidateQueries({ queryKey: ["session"] }));
  return client;
}
