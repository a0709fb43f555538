// Choosing devices out of what the links have found, and giving them passwords and names, as pure functions.
import type { AdditionBatch, AddState, FoundDevice } from "../../api/types";
import { allMet, devicePasswordRules } from "../additions/rules";

/** States that a batch can lead on from; the others need a person at the device, or another account's consent. */
const ABLE: ReadonlySet<AddState> = new Set([
  "ready", "login_needed", "login_refused", "not_activated", "service_disabled", "waiting_for_registration", "failed",
]);

export type Way = "all" | "each";
export interface Entry { name: string; password: string }
export interface Batch { ticked: ReadonlySet<string>; way: Way; user_name: string; password: string; entries: Readonly<Record<string, Entry>> }

export const START: Batch = { ticked: new Set(), way: "all", user_name: "admin", password: "", entries: {} };

/** Whether a person may tick it. */
export function canTick(device: Pick<FoundDevice, "state" | "device_id" | "online">): boolean {
  return device.device_id === null && device.online && ABLE.has(device.state);
}

export function tick(batch: Batch, serial: string, on: boolean): Batch {
  const ticked = new Set(batch.ticked);
  if (on) ticked.add(serial);
  else ticked.delete(serial);
  return { ...batch, ticked };
}

export function tickAll(batch: Batch, devices: FoundDevice[], on: boolean): Batch {
  const ticked = new Set(batch.ticked);
  for (const device of devices) {
    if (on && canTick(device)) ticked.add(device.serial);
    else ticked.delete(device.serial);
  }
  return { ...batch, ticked };
}

export function enter(batch: Batch, serial: string, part: Partial<Entry>): Batch {
  const before = batch.entries[serial] ?? { name: "", password: "" };
  return { ...batch, entries: { ...batch.entries, [serial]: { ...before, ...part } } };
}

/** The ticked ones that can still be added, in the order of the list. */
export function chosen(batch: Batch, devices: FoundDevice[]): FoundDevice[] {
  return devices.filter((device) => batch.ticked.has(device.serial) && canTick(device));
}

/** A device without a password yet gets this one: then it has to meet the rules. */
export function passwordProblem(device: Pick<FoundDevice, "activated">, password: string): "missing" | "weak" | null {
  if (!password) return "missing";
  return device.activated === false && !allMet(devicePasswordRules(password)) ? "weak" : null;
}

/** What is wrong with the passwords, by serial; the one for all is judged by the strictest device. */
export function problems(batch: Batch, devices: FoundDevice[]): Map<string, "missing" | "weak"> {
  const found = new Map<string, "missing" | "weak">();
  for (const device of devices) {
    const password = batch.way === "all" ? batch.password : (batch.entries[device.serial]?.password ?? "");
    const problem = passwordProblem(device, password);
    if (problem) found.set(device.serial, problem);
  }
  return found;
}

/** The request that adds them. */
export function requestOf(batch: Batch, devices: FoundDevice[]): AdditionBatch {
  const items = devices.map(({ serial }) => {
    const entry = batch.entries[serial];
    const name = entry?.name.trim();
    return { serial, ...(name ? { name } : {}), ...(batch.way === "each" ? { password: entry?.password ?? "" } : {}) };
  });
  return { items, user_name: batch.user_name, ...(batch.way === "all" ? { password: batch.password } : {}) };
}

/** At most so many in one request. */
export const MOST = 256;
