// Time shared out to up, down, unknown and not counted, as charts show it: pure.
import type { Heartbeat } from "../../api/types";

/** A slice of time: seconds of each kind. */
export interface Slice { key: string; at: number; up: number; down: number; unknown: number; excluded: number }

export const PARTS = ["up", "down", "unknown", "excluded"] as const;
export type SharePart = (typeof PARTS)[number];

const HOUR = 3_600_000;
/** Of a bar's height of 100, the least that downtime is drawn with. */
const LEAST_DOWN = 3;

/** All of a slice, seconds. */
export function total(slice: Slice): number {
  return slice.up + slice.down + slice.unknown + slice.excluded;
}

/** The last `count` hours as slices; what of an hour nobody saw is unknown, and the running one ends now. */
export function byHour(hours: (Heartbeat | null)[], count: number, now: number): Slice[] {
  const known = new Map<number, Heartbeat>();
  for (const hour of hours) {
    if (hour) known.set(Math.floor(Date.parse(hour.hour) / HOUR), hour);
  }
  const last = Math.floor(now / HOUR);
  return Array.from({ length: count }, (_, place) => {
    const number = last - count + 1 + place;
    const length = Math.round(Math.min(HOUR, now - number * HOUR) / 1000);
    const up = Math.min(known.get(number)?.up_seconds ?? 0, length);
    const down = Math.min(known.get(number)?.down_seconds ?? 0, length - up);
    return { key: String(number), at: number * HOUR, up, down, unknown: length - up - down, excluded: 0 };
  });
}

/** Hours put together by the days of this computer's clock. */
export function byDay(hours: Slice[]): Slice[] {
  const days = new Map<string, Slice>();
  for (const hour of hours) {
    const at = new Date(hour.at);
    const key = [at.getFullYear(), at.getMonth() + 1, at.getDate()].join("-");
    const day = days.get(key) ?? { key, at: hour.at, up: 0, down: 0, unknown: 0, excluded: 0 };
    for (const part of PARTS) day[part] += hour[part];
    days.set(key, day);
  }
  return [...days.values()];
}

/** Where the parts of a slice stand in a bar of the height 100, from the top; what nothing is of is left out. */
export function stack(slice: Slice): { part: SharePart; top: number; height: number }[] {
  const all = total(slice);
  if (all === 0) return [];
  // A short outage in a long day stays visible, and the rest makes room for it.
  const down = slice.down > 0 ? Math.max((slice.down / all) * 100, LEAST_DOWN) : 0;
  const rest = all === slice.down ? 0 : (100 - down) / (all - slice.down);
  let bottom = 100;
  return PARTS.filter((part) => slice[part] > 0).map((part) => {
    const height = part === "down" ? down : slice[part] * rest;
    bottom -= height;
    return { part, top: bottom, height };
  });
}

/** Up as a part of what was seen, percent; null when nothing was. An outage never reads as 100. */
export function availability(slices: Slice[]): number | null {
  const up = slices.reduce((sum, slice) => sum + slice.up, 0);
  const seen = slices.reduce((sum, slice) => sum + slice.up + slice.down, 0);
  return seen === 0 ? null : Math.floor((up / seen) * 100_000) / 1000;
}
