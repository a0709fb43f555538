import { expect, test } from "vitest";
import en from "../../texts/en.json";
import { actionKey } from "./actions";

test.each([
  "POST /setup", "POST /session", "DELETE /session", "PATCH /company", "POST /sites", "PATCH /sites/{site_id}",
  "DELETE /sites/{site_id}", "POST /sites/{site_id}/scans", "POST /sites/{site_id}/devices",
  "POST /imports/{import_id}/password", "POST /imports/{import_id}/confirm", "PATCH /devices/{device_id}",
  "DELETE /devices/{device_id}", "POST /devices/{device_id}/check", "POST /devices/{device_id}/certificate",
  "POST /sites/{site_id}/links", "PATCH /links/{link_id}", "DELETE /links/{link_id}", "POST /links/{link_id}/code",
  "POST /links/{link_id}/discover", "POST /link/enrolment", "POST /sites/{site_id}/additions", "POST /sites/{site_id}/additions/batch",
  "DELETE /additions/{addition_id}", "POST /additions/{addition_id}/check", "POST /additions/{addition_id}/activation",
  "POST /additions/{addition_id}/service", "POST /additions/{addition_id}/login", "POST /additions/{addition_id}/verification_code",
  "POST /captchas", "POST /sites/{site_id}/unbind", "POST /devices/{device_id}/move", "POST /devices/{device_id}/reboot",
  "POST /devices/{device_id}/time", "POST /sites/{site_id}/time", "POST /devices/{device_id}/password",
  "POST /sites/{site_id}/password_changes", "POST /device_qr", "POST /devices/{device_id}/remote_sessions",
  "DELETE /remote_sessions/{remote_session_id}",
  "PUT /mail_settings", "DELETE /mail_settings", "POST /mail_settings/test", "POST /mails/{mail_id}/send",
  "PUT /ISAPI/System/deviceInfo", "POST /ISAPI/System/reboot",
])("%s has a text", (call) => expect(actionKey(call) in en.action).toBe(true));
