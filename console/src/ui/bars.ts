// Heartbeat bars: hours laid out on a row of slots, each up, partly up, down or not measured.
import type { Heartbeat } from "../api/types";

const HOUR = 3_600_000;

export interface Bar { hour: number; state: "up" | "partly" | "down" | "unknown"; downSeconds: number }

/** Puts hours into `count` slots that end with the hour of `now`; what is not measured stays unknown. */
export function barsOf(hours: (Heartbeat | null)[], count: number, now: number): Bar[] {
  const byHour = new Map<number, Heartbeat>();
  for (const hour of hours) {
    if (hour) byHour.set(Math.floor(Date.parse(hour.hour) / HOUR), hour);
  }
  const last = Math.floor(now / HOUR);
  return Array.from({ length: count }, (_, slot) => {
    const number = last - count + 1 + slot;
    return barOf(number * HOUR, byHour.get(number));
  });
}

function barOf(hour: number, beat: Heartbeat | undefined): Bar {
  const measured = beat ? beat.up_seconds + beat.down_seconds : 0;
  if (!beat || measured === 0) return { hour, state: "unknown", downSeconds: 0 };
  if (beat.down_seconds === 0) return { hour, state: "up", downSeconds: 0 };
  return { hour, state: beat.up_seconds > beat.down_seconds ? "partly" : "down", downSeconds: beat.down_seconds };
}

/** Share of the measured time in which the device answered, percent; null when nothing was measured. */
export function upPercent(hours: (Heartbeat | null)[]): number | null {
  let up = 0;
  let all = 0;
  for (const hour of hours) {
    if (!hour) continue;
    up += hour.up_seconds;
    all += hour.up_seconds + hour.down_seconds;
  }
  if (all === 0) return null;
  // 99.96 must not read as 100: an outage stays visible.
  return up === all ? 100 : Math.min(99.9, Math.round((up / all) * 1000) / 10);
}
