import { expect, test } from "vitest";
import { closeNotice, currentNotices, noteChange } from "./notices";

test("an unbound device is told once, until the notice is closed; other changes are not", () => {
  const change = { kind: "device_unbound", at: "2026-05-01T10:30:00Z", data: { serial: "Q12345678", name: "Gate" }, device_id: null, site_id: "s" };
  noteChange(change);
  noteChange(change);
  noteChange({ ...change, kind: "health_changed" });
  expect(currentNotices()).toEqual([{ key: "2026-05-01T10:30:00Z Q12345678", serial: "Q12345678", name: "Gate" }]);
  closeNotice("2026-05-01T10:30:00Z Q12345678");
  expect(currentNotices()).toEqual([]);
});
