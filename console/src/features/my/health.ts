// How a device is shown to its owner at a moment.
import type { DeviceHealth } from "../../api/types";

/** A look that is too old tells nothing any more: never shown as good. */
export function healthNow(health: DeviceHealth, freshUntil: string | null, now: number): DeviceHealth {
  // Some seconds are granted for the way from the worker to this page.
  return freshUntil && now <= Date.parse(freshUntil) + 10_000 ? health : "unknown";
}
