// A planned maintenance window as the dialog holds it, and as the API takes it.
import type { MaintenanceWindowCreate } from "../../api/types";
import { instantOf } from "../managers/zonedTime";
import type { ChosenDevice } from "../rules/DeviceChoice";

export interface PlanForm { from: string; to: string; weekly: boolean; note: string; device: ChosenDevice | null; ofDevice: boolean }

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MOST = 31 * DAY;
const MOST_WEEKLY = 6 * DAY;
const EARLIEST = DAY;
const LATEST = 366 * DAY;

/** Keys of texts of what is wrong. `now` in milliseconds. */
export function planErrors(form: PlanForm, zone: string, now: number) {
  const from = Date.parse(instantOf(form.from, zone) ?? "");
  const to = Date.parse(instantOf(form.to, zone) ?? "");
  const most = form.weekly ? MOST_WEEKLY : MOST;
  const begins = !(from >= now - EARLIEST && from <= now + LATEST);
  const ends = !(to > from && to > now);
  return {
    device: !form.ofDevice || form.device ? null : "rules.device_needed",
    from: begins ? "maintenance.from_wrong" : null,
    to: ends ? "maintenance.to_wrong" : to - from > most ? (form.weekly ? "maintenance.too_long_weekly" : "maintenance.too_long") : null,
  };
}

export function planOf(form: PlanForm, zone: string): MaintenanceWindowCreate {
  const from = instantOf(form.from, zone) ?? "";
  const minutes = Math.round((Date.parse(instantOf(form.to, zone) ?? "") - Date.parse(from)) / MINUTE);
  return {
    starts_at: from, minutes, repeats: form.weekly ? "weekly" : "once", note: form.note.trim(),
    device_id: form.ofDevice ? form.device?.id : undefined,
  };
}
