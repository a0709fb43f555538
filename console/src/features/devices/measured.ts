// New measurements that find nothing else make no event: pages that tell their age ask for them, else all would seem out of date.

/** No page asks more often, in milliseconds. */
const LEAST = 5_000;

/** How often the portal asks, which is not told how often devices are polled, in milliseconds. */
export const MINE_MEASURED_EVERY = 60_000;

/** How often a page asks for measurements, in milliseconds: as often as devices are polled. */
export function measuredEvery(pollPeriodSeconds: number): number {
  return Math.max(LEAST, pollPeriodSeconds * 1000);
}
