import { expect, test } from "vitest";
import i18next from "i18next";
import en from "../../texts/en.json";
import { healthNow } from "./health";
import { actionText, whoText } from "./logText";

await i18next.init({ lng: "en", resources: { en: { translation: en } } });
const t = i18next.getFixedT("en");

test("a look that is too old tells nothing of a device any more", () => {
  const until = "2026-11-28T10:00:00Z";
  const at = (text: string) => healthNow("healthy", until, Date.parse(text));
  expect(at("2026-11-28T09:59:59Z")).toBe("healthy");
  expect(at("2026-11-28T10:00:11Z")).toBe("unknown");
  expect(healthNow("healthy", null, 0)).toBe("unknown");
});

test("the log is read in words, be it a call or a word", () => {
  expect(actionText(t, "site_accepted")).toBe(en.access_action.site_accepted);
  expect(actionText(t, "PATCH /sites/{site_id}")).toBe(en.action.patch_site);
  expect(actionText(t, "GET /devices/{device_id}/snapshot")).toBe(en.access_action.snapshot);
  expect(actionText(t, "something_new")).toBe("something_new");
});

test("who did it is named with the company only where it was staff", () => {
  expect(whoText(t, { actor_kind: "staff", actor_name: "Anna", company_name: "Keller" })).toBe("Anna, Keller");
  expect(whoText(t, { actor_kind: "end_user", actor_name: "Olga", company_name: "Keller" })).toBe("Olga");
  expect(whoText(t, { actor_kind: "platform", actor_name: "", company_name: "" })).toBe(en.my.by_platform);
});
