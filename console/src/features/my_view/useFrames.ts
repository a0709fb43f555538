// Pictures of a channel as they come: the stream is opened while it is wanted, and again when it breaks off.
import { useEffect, useState } from "react";
import { openBytes } from "../../api/client";
import { serverNow } from "../../api/clock";
import { watchAddress } from "../../api/calls";
import { Frames } from "./frames";

/** How long after it broke off the stream is opened again. */
const AGAIN = 2000;
/** The same where it ended: whether one may still look is then told at once. */
const AT_ONCE = 200;

export interface Shown {
  /** The address of the newest picture. */
  picture: string | null;
  /** When it came. */
  at: number;
  /** How many have come: tests see by it that the picture lives. */
  count: number;
  /** Why none comes just now. */
  error: unknown;
}

const NOTHING: Shown = { picture: null, at: 0, count: 0, error: null };

export function useFrames(device: string, channel: number, wanted: boolean): Shown {
  const [shown, setShown] = useState(NOTHING);
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    let timer: number | undefined;
    const show = (bytes: Uint8Array<ArrayBuffer>) => {
      const picture = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
      setShown((before) => ({ picture, at: serverNow(), count: before.count + 1, error: null }));
    };
    const watch = async () => {
      let again = AT_ONCE;
      try {
        const reader = await openBytes(watchAddress(device, channel), stop.signal);
        const frames = new Frames();
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          // Of several that came at once only the newest is of interest.
          const newest = frames.push(next.value).at(-1);
          if (newest) show(newest);
        }
      } catch (error) {
        if (stop.signal.aborted) return;
        again = AGAIN;
        setShown((before) => ({ ...before, error }));
      }
      if (!stop.signal.aborted) timer = window.setTimeout(() => void watch(), again);
    };
    void watch();
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [device, channel, wanted]);
  // A picture that is not shown any more is forgotten.
  useEffect(() => () => {
    if (shown.picture) URL.revokeObjectURL(shown.picture);
  }, [shown.picture]);
  return shown;
}
