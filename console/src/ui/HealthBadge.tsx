// A device's health as icon and word, never by colour alone.
import {
  IconCircleCheck, IconHelpCircle, IconKeyOff, IconPlugConnectedX, IconTool, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceHealth } from "../api/types";

const ICONS: Record<DeviceHealth, Icon> = {
  healthy: IconCircleCheck, faulty: IconTool, login_failed: IconKeyOff, offline: IconPlugConnectedX, unknown: IconHelpCircle,
};
export const HEALTHS = Object.keys(ICONS) as DeviceHealth[];

export function HealthBadge({ health, count }: { health: DeviceHealth; count?: number }) {
  const { t } = useTranslation();
  const Icon = ICONS[health];
  return (
    <span className={`badge tone-${health}`}>
      <Icon size={16} stroke={2} aria-hidden="true" />
      {t(`health.${health}`)}
      {count === undefined ? null : <b>{count}</b>}
    </span>
  );
}

/** Older than two poll periods is unknown, never shown as good. */
export function shownHealth(
  health: DeviceHealth, measuredAt: string | null, now: number, periodSeconds: number,
): DeviceHealth {
  if (!measuredAt) return "unknown";
  // Some seconds are granted for the way from the worker to this page.
  return (now - Date.parse(measuredAt)) / 1000 > 2 * periodSeconds + 10 ? "unknown" : health;
}
