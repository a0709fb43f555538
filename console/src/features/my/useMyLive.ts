// The portal's live stream: says when something changed on one's own sites, and whether the stream stands (else the pages poll).
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { streamAddress } from "../../api/client";
import { FALLBACK_POLL } from "../../api/live";
import type { MyChange } from "../../api/types";
import { isMine } from "./session";

/** Changes that come within so many milliseconds are one. */
const GATHER = 800;
/** What waits for nothing else. */
const AT_ONCE = "shares_changed";

/** Refreshes what the portal shows when the server says that something changed; returns the polling interval to use. */
export function useMyLive(): number | false {
  const client = useQueryClient();
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const source = new EventSource(streamAddress("/my/live"));
    let timer: number | undefined;
    const refresh = () => {
      window.clearTimeout(timer);
      timer = undefined;
      void client.invalidateQueries({ predicate: ({ queryKey }) => isMine(queryKey) && queryKey[0] !== "my session" });
    };
    source.addEventListener("open", () => {
      setConnected(true);
      // What happened between the first look and now nobody has told.
      timer ??= window.setTimeout(refresh, GATHER);
    });
    source.addEventListener("error", () => {
      setConnected(false);
      // A stream also ends when the session does, and nothing else would tell.
      void client.invalidateQueries({ queryKey: ["my session"] });
    });
    source.addEventListener("change", ({ data }: MessageEvent<string>) => {
      // Who may see what comes first: a camera that is shared no more is gone within a second.
      if ((JSON.parse(data) as MyChange).kind === AT_ONCE) refresh();
      timer ??= window.setTimeout(refresh, GATHER);
    });
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [client]);
  return connected ? false : FALLBACK_POLL;
}
