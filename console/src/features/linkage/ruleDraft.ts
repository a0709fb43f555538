// A rule while somebody writes it: what is missing, what a device can do, and what is sent in the end.
import type {
  Day, DeviceEventKind, DeviceKind, LinkageAction, LinkageActionKind, LinkageDraft, LinkagePeriod, LinkageRule, LinkageRuleCreate,
} from "../../api/types";

export interface DraftAction { key: number; action: LinkageAction }

export interface RuleDraft {
  name: string;
  device: string | null;
  channel: number | null;
  kind: DeviceEventKind | null;
  periods: LinkagePeriod[];
  actions: DraftAction[];
}

export const DAYS: Day[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const NIGHT: LinkagePeriod = { days: DAYS, from: 20 * 60, until: 6 * 60 };
export const ACTION_KINDS: LinkageActionKind[] = [
  "snapshot", "record", "preset", "output_on", "output_off", "arm", "disarm", "notify", "webhook",
];

const OF_VIDEO: DeviceEventKind[] = [
  "motion", "intrusion", "line_crossing", "region_entrance", "region_exiting", "pir", "tamper", "video_loss", "alarm_input",
];
const OF_DEVICE: DeviceEventKind[] = ["disk_full", "disk_error", "network_disconnected", "ip_conflict", "illegal_access", "other"];
const OF_DOOR: DeviceEventKind[] = ["visitor_calling", "door_opened", "door_forced", "door_open_too_long", "tamper", "alarm_input"];
const OF_PANEL: DeviceEventKind[] = [
  "zone_alarm", "zone_tamper", "panic", "armed", "disarmed", "tamper", "mains_lost", "low_battery", "other",
];

/** What a device of a kind may tell, the likeliest first. */
export function eventsOf(kind: DeviceKind | undefined): DeviceEventKind[] {
  if (kind === "alarm_panel") return OF_PANEL;
  if (kind === "intercom" || kind === "access_control") return [...OF_DOOR, ...OF_DEVICE];
  return [...OF_VIDEO, ...OF_DEVICE];
}

/** Whether a device of a kind tells of anything. */
export function canTell(kind: DeviceKind): boolean {
  return kind !== "switch" && kind !== "router";
}

/** Whether a device of a kind can do this. */
export function canDo(kind: DeviceKind, action: LinkageActionKind): boolean {
  if (action === "arm" || action === "disarm") return kind === "alarm_panel";
  return canTell(kind) && kind !== "alarm_panel";
}

export function needsDevice(kind: LinkageActionKind): boolean {
  return kind !== "notify" && kind !== "webhook";
}

export function hasChannel(kind: LinkageActionKind): boolean {
  return kind === "snapshot" || kind === "record" || kind === "preset";
}

export const EMPTY: RuleDraft = { name: "", device: null, channel: null, kind: null, periods: [], actions: [] };

/** A rule, or what a template proposes, as it is edited. */
export function draftOf(rule: LinkageRule | (LinkageDraft & { name?: string })): RuleDraft {
  return {
    name: rule.name ?? "",
    device: rule.source.device_id,
    channel: rule.source.channel ?? null,
    kind: rule.source.kind,
    periods: rule.schedule,
    actions: rule.actions.map((action, key) => ({ key, action })),
  };
}

/** The next key of an action: it stays with its row when others go. */
export function nextKey(actions: DraftAction[]): number {
  return Math.max(-1, ...actions.map(({ key }) => key)) + 1;
}

/** The same action of another kind: what both have stays. */
export function turnInto(action: LinkageAction, kind: LinkageActionKind): LinkageAction {
  const turned: LinkageAction = { kind };
  const panel = kind === "arm" || kind === "disarm";
  const wasPanel = action.kind === "arm" || action.kind === "disarm";
  if (needsDevice(kind) && panel === wasPanel && action.device_id) turned.device_id = action.device_id;
  if (hasChannel(kind)) turned.channel = action.channel ?? 1;
  if (kind === "preset") turned.preset = action.preset ?? 1;
  if (kind === "output_on" || kind === "output_off") turned.output = action.output ?? 1;
  if (kind === "arm") turned.mode = action.mode ?? "away";
  if (kind === "notify") turned.staff_ids = [];
  return turned;
}

/** Whether an action lacks something. */
export function isWhole(action: LinkageAction): boolean {
  if (action.kind === "notify") return (action.staff_ids ?? []).length > 0;
  return !needsDevice(action.kind) || Boolean(action.device_id);
}

/** Whether a period can be sent. */
export function isPeriod({ days, from, until }: LinkagePeriod): boolean {
  return days.length > 0 && from >= 0 && from < 1440 && until > 0 && until <= 1440 && from !== until;
}

/** What is sent, or null while something is missing. */
export function bodyOf(draft: RuleDraft): LinkageRuleCreate | null {
  const { device, kind, actions, periods } = draft;
  const name = draft.name.trim();
  if (!name || !device || !kind || actions.length === 0) return null;
  if (!actions.every(({ action }) => isWhole(action)) || !periods.every(isPeriod)) return null;
  return { name, source: { device_id: device, channel: draft.channel, kind }, schedule: periods, actions: actions.map(({ action }) => action) };
}

/** `22:05` of a minute of the day; midnight at its end is `24:00`. */
export function minuteText(minute: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** The minute of the day of `22:05`; `end` takes midnight for the end of the day. */
export function minuteOf(text: string, end: boolean): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!found) return null;
  const minute = Number(found[1]) * 60 + Number(found[2]);
  if (minute > 1440) return null;
  return end && minute === 0 ? 1440 : minute;
}
