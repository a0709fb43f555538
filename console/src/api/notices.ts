// What people are told while they look at something else: kept until they close it, gone with the page.
import { useSyncExternalStore } from "react";
import type { LiveChange } from "./types";

export interface Notice { key: string; serial: string; name: string }

let notices: readonly Notice[] = [];
const listeners = new Set<() => void>();

function replace(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Takes a live change; one that has to be told becomes a notice, the same one once. */
export function noteChange({ kind, at, data }: LiveChange): void {
  if (kind !== "device_unbound") return;
  const serial = String(data.serial ?? "");
  const key = `${at} ${serial}`;
  if (!notices.some((notice) => notice.key === key)) replace([...notices, { key, serial, name: String(data.name ?? "") || serial }]);
}

export function closeNotice(key: string): void {
  replace(notices.filter((notice) => notice.key !== key));
}

export const currentNotices = (): readonly Notice[] => notices;

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentNotices);
}
