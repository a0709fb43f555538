// A rule in plain words: whom it tells, of what, when, and after how long.
import type { ExceptionRule } from "../../api/types";
import { formatSpan, type Translate } from "../../texts/times";
import { DAYS, presetOf, type Period } from "./schedule";

type Described = Pick<ExceptionRule, "severities" | "kinds" | "receivers" | "schedule" | "threshold_minutes" | "device_name" | "device_id" | "device_kind">;

const MOST_NAMED = 3;

function listed(items: string[], t: Translate, most = items.length): string {
  const more = items.length - most;
  if (more > 0) return t("rules.and_more", { list: items.slice(0, most).join(", "), n: more });
  const last = items[items.length - 1] ?? "";
  return items.length > 1 ? t("rules.and", { list: items.slice(0, -1).join(", "), last }) : last;
}

/** Whom it tells. */
export function receiversText(t: Translate, { receivers }: Pick<Described, "receivers">): string {
  const named = receivers.map(({ kind, name }) => {
    if (kind === "staff") return name ?? t("rules.somebody");
    if (kind === "webhook") return t("rules.to_webhook", { name: name ?? "" });
    return t(`rules.to_${kind}`);
  });
  return named.length > 0 ? listed(named, t, named.length > MOST_NAMED + 1 ? MOST_NAMED : named.length) : t("rules.to_nobody");
}

/** Of what. */
export function whatText(t: Translate, { severities, kinds }: Pick<Described, "severities" | "kinds">): string {
  if (severities.length === 3) return t("rules.everything");
  const parts = [...severities.map((severity) => t(`rules.all_${severity}`)), ...kinds.map((kind) => inSentence(kindText(t, kind)))];
  return listed(parts, t, parts.length > MOST_NAMED + 1 ? MOST_NAMED : parts.length);
}

/** A heading within a sentence: small at its beginning, save where it begins with an abbreviation. */
function inSentence(text: string): string {
  const [first = "", second = ""] = text;
  return second === second.toUpperCase() ? text : first.toLowerCase() + text.slice(1);
}

export function kindText(t: Translate, kind: string): string {
  return kind === "link_offline" ? t("incidents.link_offline") : t(`exception_kind.${kind}`);
}

/** Of which devices; empty: of all. */
function sourceText(t: Translate, { device_id, device_name, device_kind }: Described): string {
  if (device_id) return t("rules.of_device", { name: device_name || t("devices.unnamed") });
  return device_kind ? t("rules.of_kind", { kind: t(`kind.${device_kind}`) }) : "";
}

/** After how long. */
function afterText(t: Translate, { threshold_minutes }: Described): string {
  return threshold_minutes === 0 ? t("rules.at_once") : t("rules.after", { span: formatSpan(threshold_minutes * 60, t) });
}

export function ruleText(t: Translate, rule: Described): string {
  return t("rules.sentence", { who: receiversText(t, rule), after: afterText(t, rule), what: whatText(t, rule), of: sourceText(t, rule) });
}

function periodText(t: Translate, { days, from, until }: Period): string {
  const chosen = DAYS.filter((day) => days.includes(day));
  const first = DAYS.indexOf(chosen[0] ?? "monday");
  const inARow = chosen.length > 2 && chosen.every((day, index) => DAYS[first + index] === day);
  const names = inARow ? [chosen[0], chosen[chosen.length - 1]] : chosen;
  return `${names.map((day) => t(`day_short.${day}`)).join(inARow ? "–" : ", ")} ${from}–${until}`;
}

/** When it tells. */
export function scheduleText(t: Translate, schedule: Described["schedule"], zone: string): string {
  const preset = presetOf(schedule);
  if (preset === "always") return t("rules.preset.always");
  const periods = (schedule ?? []).map((period) => periodText(t, period)).join("; ");
  return t(preset === "outside" ? "rules.when_outside" : "rules.when", { periods, zone });
}
