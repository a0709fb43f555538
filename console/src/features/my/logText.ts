// The access log names words and calls; people read what was done, and who did it.
import type { TFunction } from "i18next";
import type { AccessEntry } from "../../api/types";
import { actionKey } from "../company/actions";

/** Calls that change nothing and are told all the same; the operation log has no words for them. */
const LOOKS: Record<string, string> = {
  "GET /devices/{device_id}/snapshot": "snapshot",
  "GET /devices/{device_id}/recordings": "recordings",
  "GET /devices/{device_id}/recordings/download": "recording_saved",
  "GET /linkage_firings/{linkage_firing_id}/pictures/{position}": "linkage_picture",
};

/** What was done, in words; what nobody has a text for is shown as it is. */
export function actionText(t: TFunction, action: string): string {
  const word = action.includes(" /") ? LOOKS[action] : action;
  return t(word ? `access_action.${word}` : `action.${actionKey(action)}`, { defaultValue: action });
}

/** Who did it, and for whom. */
export function whoText(t: TFunction, { actor_kind, actor_name, company_name }: Pick<AccessEntry, "actor_kind" | "actor_name" | "company_name">): string {
  if (actor_kind === "platform") return t("my.by_platform");
  const name = actor_name || t("my.nobody_known");
  return actor_kind === "staff" && company_name ? t("my.by_staff", { name, company: company_name }) : name;
}
