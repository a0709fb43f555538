// What the pages about mail decide, apart from how they look.
import type { MailSettings, MailSettingsUpdate, MailState, SmtpSecurity } from "../../api/types";

export interface ServerForm {
  host: string; port: number | string; security: SmtpSecurity; login: boolean; user_name: string; password: string;
  certificate: string; sender_name: string; sender_address: string; language: "en" | "ru";
}

/** The port that goes with each kind of connection. */
export const USUAL_PORT: Record<SmtpSecurity, number> = { starttls: 587, implicit: 465, none: 25 };

export function formOf(saved: MailSettings | null, company: string, language: string): ServerForm {
  if (!saved) {
    return {
      host: "", port: USUAL_PORT.starttls, security: "starttls", login: true, user_name: "", password: "", certificate: "",
      sender_name: company, sender_address: "", language: language.startsWith("ru") ? "ru" : "en",
    };
  }
  return {
    host: saved.host, port: saved.port, security: saved.security, login: saved.user_name !== null, user_name: saved.user_name ?? "",
    password: "", certificate: saved.certificate ?? "", sender_name: saved.sender_name, sender_address: saved.sender_address,
    language: saved.language,
  };
}

/** With another kind of connection the usual port goes along, unless somebody chose one. */
export function withSecurity(form: ServerForm, security: SmtpSecurity): ServerForm {
  const usual = Number(form.port) === USUAL_PORT[form.security];
  return { ...form, security, port: usual ? USUAL_PORT[security] : form.port };
}

/** Whether the kept password may not be used: there is none, or it was given for another server or connection. */
export function needsPassword(form: ServerForm, saved: MailSettings | null): boolean {
  if (!form.login || form.password) return false;
  if (!saved?.has_password) return true;
  return form.host.trim() !== saved.host || Number(form.port) !== saved.port || form.security !== saved.security
    || form.user_name.trim() !== saved.user_name || (form.certificate.trim() || null) !== (saved.certificate?.trim() ?? null);
}

export function updateOf(form: ServerForm): MailSettingsUpdate {
  return {
    host: form.host.trim(), port: Number(form.port), security: form.security,
    user_name: form.login ? form.user_name.trim() : null, password: form.login && form.password ? form.password : null,
    certificate: form.certificate.trim() ? form.certificate : null, sender_name: form.sender_name.trim(),
    sender_address: form.sender_address.trim(), language: form.language,
  };
}

const COLOURS: Record<MailState, string> = { waiting: "yellow", sending: "blue", sent: "teal", failed: "red", not_needed: "gray" };

export const colourOf = (state: MailState) => COLOURS[state];
