// What the wizard shows in each state of an addition: how far it is, how it looks, and what a person does next.
import type { Addition, AddState, DeviceHealth, DeviceKind, HelpCheck, NextStep } from "../../api/types";

/** The parts of the way, in order. */
export const STAGES = ["found", "password", "service", "login", "added"] as const;
export type Stage = (typeof STAGES)[number];

/** The stage that a state is at; a device of somebody else or one that is not found has passed none. */
const AT: Record<AddState, Stage> = {
  unknown: "found", offline: "found", someone_elses: "found", on_this_site: "added", on_other_site: "found", failed: "found",
  firmware_too_old: "found", not_activated: "password", service_disabled: "service", waiting_for_registration: "service",
  login_needed: "login", login_refused: "login", wrong_verification_code: "login", ready: "added", added: "added",
};

export type StageState = "done" | "now" | "later";

/** Each part of the way: done, at work, or still to come. */
export function stagesOf(state: AddState): { stage: Stage; state: StageState }[] {
  const at = STAGES.indexOf(AT[state]);
  return STAGES.map((stage, index) => ({
    stage, state: isFinal({ state }) || index < at ? "done" : index === at ? "now" : "later",
  }));
}

const TONES: Record<AddState, DeviceHealth> = {
  unknown: "unknown", offline: "offline", not_activated: "faulty", service_disabled: "faulty", waiting_for_registration: "unknown",
  login_needed: "login_failed", login_refused: "login_failed", wrong_verification_code: "login_failed", firmware_too_old: "offline",
  on_this_site: "healthy", on_other_site: "faulty", someone_elses: "offline", ready: "healthy", added: "healthy", failed: "offline",
};

/** The colour a state is shown in; its words say the same. */
export const toneOf = (state: AddState): DeviceHealth => TONES[state];

/** Whether nothing will change any more by itself, so that nobody has to ask. */
export function isFinal(addition: Pick<Addition, "state">): boolean {
  return addition.state === "added" || addition.state === "on_this_site";
}

/** Whether the platform is at work and the person only waits. */
export function isWaiting({ state, next }: Pick<Addition, "state" | "next">): boolean {
  return state !== "added" && (next === "wait" || (state === "ready" && next !== "add"));
}

/** Whether a person has something to do now; others are shown, but nobody is called. */
export function needsPerson(next: NextStep): boolean {
  return next !== "wait" && next !== "none";
}

const POWER: Partial<Record<DeviceKind, string>> = { camera: "power_poe", intercom: "power_poe", alarm_panel: "power_battery" };

/** The text of a thing to look at, for that kind of device: what feeds a camera does not feed an alarm panel (R-D5). */
export function helpText(check: HelpCheck, kind: DeviceKind): string {
  return check === "power" ? (POWER[kind] ?? "power") : check;
}
