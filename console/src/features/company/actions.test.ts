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
  "POST /devices/{device_id}/panel/arm", "POST /devices/{device_id}/panel/disarm", "POST /devices/{device_id}/panel/clear_alarm",
  "POST /devices/{device_id}/panel/zones/{zone}/bypass", "DELETE /devices/{device_id}/panel/zones/{zone}/bypass",
  "POST /devices/{device_id}/panel_accounts/check", "DELETE /devices/{device_id}/panel_accounts/{account_id}",
  "POST /panel_exits/{panel_exit_id}/give_up", "PUT /site_managers", "POST /sites/{site_id}/routers",
  "PUT /devices/{device_id}/parent", "POST /notifications/read",
  "PUT /mail_settings", "DELETE /mail_settings", "POST /mail_settings/test", "POST /mails/{mail_id}/send",
  "POST /webhooks", "PATCH /webhooks/{webhook_id}", "DELETE /webhooks/{webhook_id}", "POST /webhooks/{webhook_id}/secret",
  "POST /webhooks/{webhook_id}/test", "POST /webhooks/{webhook_id}/replay",
  "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/send",
  "POST /company/admin", "PATCH /staff/{staff_id}", "DELETE /staff/{staff_id}", "POST /staff/{staff_id}/disable",
  "POST /staff/{staff_id}/enable", "DELETE /staff/{staff_id}/sessions", "DELETE /staff/{staff_id}/two_factor", "POST /staff_invitations",
  "POST /staff_invitations/{invitation_id}/send", "DELETE /staff_invitations/{invitation_id}", "POST /join/{token}", "POST /roles",
  "PATCH /roles/{role_id}", "DELETE /roles/{role_id}", "PATCH /profile", "POST /profile/password", "POST /profile/two_factor",
  "PUT /profile/two_factor", "DELETE /profile/two_factor", "POST /profile/recovery_codes", "DELETE /sessions",
  "DELETE /sessions/{session_id}", "POST /password_resets", "POST /reset/{token}",
  "PUT /ISAPI/System/deviceInfo", "POST /ISAPI/System/reboot",
])("%s has a text", (call) => expect(actionKey(call) in en.action).toBe(true));
