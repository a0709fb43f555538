// The live stream: says when something changed, and whether the stream stands (else the pages poll).
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { query, streamAddress } from "./client";
import { noteChange } from "./notices";
import type { LiveChange } from "./types";

/** How often pages ask by themselves while the stream is down, in milliseconds. */
export const FALLBACK_POLL = 15_000;
const GATHER = 800;
const LISTENS = new Set([
  "sites", "site", "devices", "device", "device_events", "exceptions", "history", "links", "found", "additions", "addition", "password_changes",
  "handovers", "grants", "grant_requests", "device permissions", "custody", "shares", "service_requests", "panel", "panel_accounts", "panel_exits", "panel_exit", "managers",
  "linkage_rules", "upgrades", "upgrade", "upgrade devices", "device upgrades", "incidents", "incident", "exception_rules", "maintenance", "notifications", "network", "parent", "staff", "member", "member sites", "member panels", "invitations", "roles",
]);
/** Changes after which whoever is signed in may have other rights. */
const OF_RIGHTS = new Set(["staff_changed", "role_changed"]);

/** Refreshes what is shown when the server says that something changed; returns the polling interval to use. */
export function useLive(siteId?: string): number | false {
  const client = useQueryClient();
  const [connected, setConnected] = useState(false);

  useEffect(() => {
    const source = new EventSource(streamAddress(`/live${query({ site_id: siteId })}`));
    let timer: number | undefined;
    const refresh = () => {
      timer = undefined;
      void client.invalidateQueries({ predicate: ({ queryKey }) => LISTENS.has(String(queryKey[0])) });
    };
    let stood = false;
    source.addEventListener("open", () => {
      stood = true;
      setConnected(true);
      // What happened between the first look and now nobody has told.
      timer ??= window.setTimeout(refresh, GATHER);
    });
    source.addEventListener("error", () => {
      setConnected(false);
      // A stream also ends when the session does, or when the site is out of reach from now on, and nothing else would tell.
      void client.invalidateQueries({ queryKey: ["session"] });
      if (stood) refresh();
      stood = false;
    });
    source.addEventListener("change", ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as LiveChange;
      if (change.kind === "device_event") {
        // It comes often, changes nothing else, and somebody may be standing before the camera.
        void client.invalidateQueries({ queryKey: ["device_events"] });
        return;
      }
      noteChange(change);
      if (OF_RIGHTS.has(change.kind)) void client.invalidateQueries({ queryKey: ["session"] });
      timer ??= window.setTimeout(refresh, GATHER);
    });
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [client, siteId]);

  return connected ? false : FALLBACK_POLL;
}
