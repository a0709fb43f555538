// A rule in words: what sets it off, when, what it does.
import type { LinkageAction, LinkagePeriod, LinkageSource, LinkageTrouble } from "../../api/types";
import type { Translate } from "../../texts/times";
import { DAYS, minuteText } from "./ruleDraft";

/** What devices and people are called. */
export type Names = ReadonlyMap<string, string>;

function called(t: Translate, names: Names, id: string | null | undefined): string {
  return (id ? names.get(id) : undefined) ?? t("linkage.gone");
}

/** "Gate · channel 2: intrusion". */
export function sourceText(t: Translate, { device_id, channel, kind }: LinkageSource, names: Names): string {
  const where = [called(t, names, device_id), channel == null ? null : t("linkage.channel_n", { n: channel })];
  return `${where.filter(Boolean).join(" · ")}: ${t(`device_event_kind.${kind}`)}`;
}

function daysText(t: Translate, period: LinkagePeriod): string {
  if (period.days.length === 7) return t("linkage.every_day");
  return DAYS.filter((day) => period.days.includes(day)).map((day) => t(`linkage_day.${day}`)).join(", ");
}

/** "Mon, Tue 20:00–06:00", or that it always holds. */
export function scheduleText(t: Translate, periods: LinkagePeriod[]): string {
  if (periods.length === 0) return t("linkage.always");
  return periods.map((period) => `${daysText(t, period)} ${minuteText(period.from)}–${minuteText(period.until)}`).join("; ");
}

/** "Picture of Gate". */
export function actionText(t: Translate, action: LinkageAction, names: Names): string {
  const device = called(t, names, action.device_id);
  switch (action.kind) {
    case "notify":
      return t("linkage_does.notify", { names: (action.staff_ids ?? []).map((id) => called(t, names, id)).join(", ") });
    case "webhook":
      return t("linkage_does.webhook");
    case "snapshot":
    case "record":
    case "preset": {
      const channel = (action.channel ?? 1) > 1 ? ` · ${t("linkage.channel_n", { n: action.channel })}` : "";
      return t(`linkage_does.${action.kind}`, { device: device + channel, preset: action.preset });
    }
    case "output_on":
    case "output_off":
      return t(`linkage_does.${action.kind}`, { device, output: action.output });
    case "arm":
    case "disarm": {
      const key = action.kind === "arm" ? `arm_${action.mode ?? "away"}` : "disarm";
      const area = action.area == null ? "" : ` · ${t("linkage.area_n", { n: action.area })}`;
      return t(`linkage_does.${key}`, { device: device + area });
    }
  }
}

/** Why a rule, or an action of it, cannot work. */
export function troubleText(t: Translate, { reason, device_id, minimum_version }: LinkageTrouble, names: Names): string {
  return t(`linkage_trouble.${reason}`, { device: called(t, names, device_id), version: minimum_version ?? "" });
}
