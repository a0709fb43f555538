// A rule as the dialog holds it, and as the API takes it.
import type { DeviceKind, ExceptionRule, ExceptionRuleWrite, IncidentKind, Severity } from "../../api/types";
import type { ChosenDevice } from "./DeviceChoice";
import { periodError, periodsOf, presetOf, type Period, type Preset } from "./schedule";

export interface RuleForm {
  severities: Severity[]; kinds: IncidentKind[];
  source: "site" | "kind" | "device"; device: ChosenDevice | null; deviceKind: DeviceKind;
  managers: boolean; admin: boolean; staff: string[]; webhooks: string[];
  threshold: number; preset: Preset; periods: Period[]; enabled: boolean;
}

export function formOf(rule?: ExceptionRule): RuleForm {
  const ids = (wanted: string) => (rule?.receivers ?? []).filter(({ kind }) => kind === wanted).flatMap(({ id }) => id ?? []);
  const has = (wanted: string) => (rule ? rule.receivers.some(({ kind }) => kind === wanted) : wanted === "site_managers");
  return {
    severities: rule?.severities ?? ["critical"], kinds: rule?.kinds ?? [],
    source: rule?.device_id ? "device" : rule?.device_kind ? "kind" : "site",
    device: rule?.device_id ? { id: rule.device_id, name: rule.device_name ?? "" } : null, deviceKind: rule?.device_kind ?? "camera",
    managers: has("site_managers"), admin: has("admin"), staff: ids("staff"), webhooks: ids("webhook"),
    threshold: rule?.threshold_minutes ?? 0, preset: presetOf(rule?.schedule ?? null),
    periods: rule?.schedule ?? periodsOf("working") ?? [], enabled: rule?.enabled ?? true,
  };
}

/** Keys of texts of what is missing. */
export function formErrors(form: RuleForm) {
  const somebody = form.managers || form.admin || form.staff.length > 0 || form.webhooks.length > 0;
  return {
    what: form.severities.length > 0 || form.kinds.length > 0 ? null : "rules.what_needed",
    device: form.source !== "device" || form.device ? null : "rules.device_needed",
    who: somebody ? null : "rules.who_needed",
    when: form.preset === "own" ? (form.periods.map(periodError).find(Boolean) ?? null) : null,
  };
}

export function bodyOf(form: RuleForm): ExceptionRuleWrite {
  return {
    device_id: form.source === "device" ? form.device?.id : undefined,
    device_kind: form.source === "kind" ? form.deviceKind : undefined,
    severities: form.severities, kinds: form.kinds,
    receivers: [
      ...(form.managers ? [{ kind: "site_managers" as const }] : []),
      ...(form.admin ? [{ kind: "admin" as const }] : []),
      ...form.staff.map((id) => ({ kind: "staff" as const, id })),
      ...form.webhooks.map((id) => ({ kind: "webhook" as const, id })),
    ],
    schedule: form.preset === "own" ? form.periods : (periodsOf(form.preset) ?? undefined),
    threshold_minutes: form.threshold, enabled: form.enabled,
  };
}
