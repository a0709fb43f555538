// Follows a running import by its event stream, and by asking while the stream is down.
import { useEffect, useRef } from "react";
import { getImport } from "../../api/calls";
import { streamAddress } from "../../api/client";
import type { Import } from "../../api/types";

const ASK_EVERY = 2_000;

export function useImportProgress(id: string | null, onChange: (found: Import) => void): void {
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => {
    if (!id) return;
    let ended = false;
    let heard = 0;
    const take = (found: Import) => {
      if (!ended) tell.current(found);
    };
    const source = new EventSource(streamAddress(`/imports/${id}/events`));
    source.addEventListener("import", (event) => {
      heard = Date.now();
      take(JSON.parse((event as MessageEvent<string>).data) as Import);
    });
    const timer = window.setInterval(() => {
      if (Date.now() - heard >= ASK_EVERY) getImport(id).then(take, () => undefined);
    }, ASK_EVERY);
    return () => {
      ended = true;
      source.close();
      window.clearInterval(timer);
    };
  }, [id]);
}
