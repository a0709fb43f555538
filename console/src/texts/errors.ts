// Says an error in the reader's language: by its stable code, else with the server's own message.
import type { i18n as I18n } from "i18next";
import { ApiError } from "../api/client";
import { formatInstant } from "./times";

/** The sentence for a code; `message` is the server's own, for codes that are not known here. */
export function codeText(i18n: I18n, code: string, message: string, details: Record<string, unknown> = {}): string {
  if (code === "qr_wrong_kind" && i18n.exists(`qr_kind.${details.kind}`)) return i18n.t(`qr_kind.${details.kind}`);
  if (code === "device_locked" && typeof details.until === "string") {
    return i18n.t("errors.device_locked_until", { until: formatInstant(details.until, i18n.language) });
  }
  if (code === "device_password_weak" && i18n.exists(`errors.device_password_weak_${details.rule}`)) {
    return i18n.t(`errors.device_password_weak_${details.rule}`);
  }
  if (code === "unbind_password_wrong" && typeof details.tries_left === "number") {
    return i18n.t("errors.unbind_password_wrong_tries", { n: details.tries_left });
  }
  if (code === "unbind_locked" && typeof details.until === "string") {
    return i18n.t("errors.unbind_locked_until", { until: formatInstant(details.until, i18n.language) });
  }
  if (code === "role_in_use") return i18n.t("errors.role_in_use_by", { who: users(i18n, details) });
  if (code === "right_missing" && Array.isArray(details.rights) && details.rights.length > 0) {
    const rights = details.rights.map((right) => i18n.t(`right.${right}`, { defaultValue: String(right) }));
    return i18n.t("errors.right_missing_these", { rights: rights.join(", ") });
  }
  const site = details.site as { name?: string } | undefined;
  if (code === "device_on_other_site" && site?.name) {
    return i18n.t("errors.device_on_other_site_named", { site: site.name });
  }
  const until = typeof details.locked_until === "string" ? formatInstant(details.locked_until, i18n.language) : "…";
  if (i18n.exists(`errors.${code}`)) return i18n.t(`errors.${code}`, { until, needed: details.needed ?? "…" });
  return message || i18n.t("errors.unknown");
}

/** Who has a role or is invited to it. */
function users(i18n: I18n, { members, invitations }: Record<string, unknown>): string {
  const counted = (key: string, count: unknown) => (Number(count) > 0 ? [i18n.t(key, { count: Number(count) })] : []);
  return [...counted("roles.members", members), ...counted("roles.invited", invitations)].join(", ");
}

/** The sentence for whatever was thrown. */
export function errorText(i18n: I18n, error: unknown): string {
  if (error instanceof ApiError) return codeText(i18n, error.code, error.message, error.details);
  return i18n.t("errors.unknown");
}

/** The sentence to show under one field, when the error is about that field. */
export function fieldError(i18n: I18n, error: unknown, ...fields: string[]): string | undefined {
  if (!(error instanceof ApiError) || typeof error.details.field !== "string") return undefined;
  const field = error.details.field.split(".").at(-1) ?? "";
  return fields.includes(field) ? errorText(i18n, error) : undefined;
}
