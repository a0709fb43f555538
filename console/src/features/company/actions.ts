// The log names a call by method and route; people read what it does.

const KEYS: Record<string, string> = {
  "/setup": "setup",
  "/session": "session",
  "/company": "company",
  "/sites": "sites",
  "/sites/{site_id}": "site",
  "/sites/{site_id}/scans": "scans",
  "/sites/{site_id}/devices": "devices",
  "/imports/{import_id}/password": "import_password",
  "/imports/{import_id}/confirm": "import_confirm",
  "/devices/{device_id}": "device",
  "/devices/{device_id}/check": "device_check",
  "/devices/{device_id}/certificate": "device_certificate",
  "/sites/{site_id}/links": "links",
  "/links/{link_id}": "link",
  "/links/{link_id}/code": "link_code",
  "/links/{link_id}/discover": "link_discover",
  "/link/enrolment": "link_enrolment",
  "/sites/{site_id}/additions": "additions",
  "/sites/{site_id}/additions/batch": "additions_batch",
  "/additions/{addition_id}": "addition",
  "/additions/{addition_id}/check": "addition_check",
  "/additions/{addition_id}/activation": "addition_activation",
  "/additions/{addition_id}/service": "addition_service",
  "/additions/{addition_id}/login": "addition_login",
  "/additions/{addition_id}/verification_code": "addition_code",
  "/captchas": "captchas",
  "/sites/{site_id}/unbind": "unbind",
  "/devices/{device_id}/move": "device_move",
  "/devices/{device_id}/reboot": "device_reboot",
  "/devices/{device_id}/time": "device_time",
  "/sites/{site_id}/time": "site_time",
  "/devices/{device_id}/password": "device_password",
  "/sites/{site_id}/password_changes": "password_changes",
  "/device_qr": "device_qr",
  "/devices/{device_id}/remote_sessions": "remote_sessions",
  "/remote_sessions/{remote_session_id}": "remote_session",
  "/mail_settings": "mail_settings",
  "/mail_settings/test": "mail_test",
  "/mails/{mail_id}/send": "mail_send",
};

/** The key of a call's text, such as `post_sites` for `POST /sites`. */
export function actionKey(call: string): string {
  const [method = "", route = ""] = call.split(" ");
  // What was written to a device through remote configuration: the device's own path stands in the row.
  if ((method === "PUT" && !(route in KEYS)) || route.startsWith("/ISAPI")) return "remote_write";
  return `${method.toLowerCase()}_${KEYS[route] ?? "unknown"}`;
}
