import { expect, test } from "vitest";
import en from "../../texts/en.json";
import { actionKey } from "./actions";

test.each([
  "POST /setup", "POST /session", "DELETE /session", "PATCH /company", "POST /sites", "PATCH /sites/{site_id}",
  "DELETE /sites/{site_id}", "POST /sites/{site_id}/scans", "POST /sites/{site_id}/devices",
  "POST /imports/{import_id}/password", "POST /imports/{import_id}/confirm", "PATCH /devices/{device_id}",
  "DELETE /devices/{device_id}", "POST /devices/{device_id}/check", "POST /devices/{device_id}/certificate",
])("%s has a text", (call) => expect(actionKey(call) in en.action).toBe(true));
