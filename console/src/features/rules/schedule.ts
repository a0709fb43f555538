// Weekly schedules as a person chooses them: always, working hours, outside of them, or their own.
import type { Day, ExceptionRule } from "../../api/types";

export type Schedule = ExceptionRule["schedule"];
export type Period = NonNullable<Schedule>[number];
export type Preset = "always" | "working" | "outside" | "own";

export const DAYS: Day[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const WORKDAYS = DAYS.slice(0, 5);
const WORKING: Period[] = [{ days: WORKDAYS, from: "08:00", until: "18:00" }];
const OUTSIDE: Period[] = [
  { days: WORKDAYS, from: "18:00", until: "08:00" },
  { days: ["saturday", "sunday"], from: "00:00", until: "24:00" },
  { days: ["monday"], from: "00:00", until: "08:00" },
];

const PRESETS: Record<Exclude<Preset, "own">, Schedule> = { always: null, working: WORKING, outside: OUTSIDE };

/** The periods of a choice; one's own begins with working hours. */
export function periodsOf(preset: Preset): Schedule {
  return preset === "own" ? WORKING : PRESETS[preset];
}

const written = (schedule: Schedule) =>
  JSON.stringify(schedule?.map(({ days, from, until }) => [DAYS.filter((day) => days.includes(day)), from, until]) ?? null);

/** Which choice a schedule is. */
export function presetOf(schedule: Schedule): Preset {
  const found = (Object.keys(PRESETS) as Exclude<Preset, "own">[]).find((name) => written(PRESETS[name]) === written(schedule));
  return found ?? "own";
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What is wrong with a period: the key of its text, or null. */
export function periodError({ days, from, until }: Period): string | null {
  if (days.length === 0) return "rules.day_needed";
  if (!TIME.test(from) || !(TIME.test(until) || until === "24:00") || until === "00:00") return "rules.time_needed";
  return from === until ? "rules.time_same" : null;
}

/** What a time field shows: midnight as the end of a day is 00:00 there. */
export const shownUntil = (until: string) => (until === "24:00" ? "00:00" : until);
export const readUntil = (shown: string) => (shown === "00:00" ? "24:00" : shown);
