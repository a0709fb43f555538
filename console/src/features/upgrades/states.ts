// How the states of upgrades are shown, and small things that pages of upgrades share.
import {
  IconCircleCheck, IconCircleX, IconClock, IconClockPause, IconCpu, IconHourglass, IconListCheck, IconPlayerStop, IconProgress, IconRefresh, IconUpload, IconWifiOff, type Icon,
} from "@tabler/icons-react";
import type { Upgrade, UpgradeDevice, UpgradeStanding, UpgradeState } from "../../api/types";

interface Shown { Icon: Icon; tone: string }

export const STATES: Record<UpgradeState, Shown> = {
  waiting: { Icon: IconHourglass, tone: "unknown" },
  waiting_online: { Icon: IconWifiOff, tone: "unknown" },
  preparing: { Icon: IconListCheck, tone: "login_failed" },
  sending: { Icon: IconUpload, tone: "login_failed" },
  installing: { Icon: IconCpu, tone: "login_failed" },
  restarting: { Icon: IconRefresh, tone: "login_failed" },
  checking: { Icon: IconProgress, tone: "login_failed" },
  done: { Icon: IconCircleCheck, tone: "healthy" },
  failed: { Icon: IconCircleX, tone: "offline" },
};

export const STANDINGS: Record<UpgradeStanding | "scheduled", Shown> = {
  running: { Icon: IconProgress, tone: "login_failed" },
  scheduled: { Icon: IconClock, tone: "unknown" },
  stopped: { Icon: IconClockPause, tone: "offline" },
  cancelled: { Icon: IconPlayerStop, tone: "unknown" },
  ended: { Icon: IconCircleCheck, tone: "healthy" },
};

export const ALL_STATES = Object.keys(STATES) as UpgradeState[];

/** What a person calls where it stands: one whose time has not come is scheduled. */
export function standingOf(upgrade: Upgrade, now: number): UpgradeStanding | "scheduled" {
  return upgrade.state === "running" && Date.parse(upgrade.starts_at) > now ? "scheduled" : upgrade.state;
}

/** How far all of it is, 0 to 100: every device counts alike, and one that failed has come to its end. */
export function percentOf({ devices }: Upgrade): number {
  return devices.all === 0 ? 0 : Math.round(((devices.done + devices.failed) * 100) / devices.all);
}

/** Whether a device shows how far it is with what it does. */
export function hasPercent(device: UpgradeDevice): boolean {
  return device.state === "sending" || device.state === "installing";
}

/** A number that was typed, within its bounds; none where it is no such number. */
export function numberIn(text: string, least: number, most: number): number | null {
  const number = Number(text);
  return text.trim() !== "" && Number.isInteger(number) && number >= least && number <= most ? number : null;
}

/** A size in the unit in which people read it. */
export function sizeOf(bytes: number, language: string): string {
  const mib = bytes / (1024 * 1024);
  const format = (value: number, unit: string) =>
    `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`;
  return mib >= 1 ? format(mib, "MiB") : format(bytes / 1024, "KiB");
}
