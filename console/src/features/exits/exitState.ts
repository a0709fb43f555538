// Exits of panels: their tones, and which of them belong to what was just deleted.
import type { DeviceHealth, PanelExit, PanelExitState } from "../../api/types";

export const TONES: Record<PanelExitState, DeviceHealth> = { running: "faulty", clean: "healthy", given_up: "offline", superseded: "unknown" };

/** What a panel is called; one that never had a name is told by its model. */
export function exitName(exit: PanelExit, unnamed: string): string {
  return exit.device_name || exit.model || unnamed;
}

/** What a page was told to be gone: a device, or a site with all that was on it. Kept in the history entry. */
export interface Gone { device_id?: string; site_name?: string }

/** The exits of what is gone; nothing told means none. */
export function exitsOf(exits: PanelExit[], gone: Gone | null): PanelExit[] {
  if (!gone) return [];
  return exits.filter((exit) => exit.device_id === gone.device_id || exit.site_name === gone.site_name);
}

/** Reads what a history entry's state tells; anything else there is ignored. */
export function goneOf(state: unknown): Gone | null {
  const gone = (state as { gone?: unknown } | null)?.gone;
  if (typeof gone !== "object" || gone === null) return null;
  const { device_id, site_name } = gone as Gone;
  return typeof device_id === "string" || typeof site_name === "string" ? { device_id, site_name } : null;
}
