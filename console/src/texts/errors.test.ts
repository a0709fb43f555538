import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { ApiError } from "../api/client";
import en from "./en.json";
import { errorText, fieldError } from "./errors";
import ru from "./ru.json";

const listed = join(import.meta.dirname, "../../../docs/errors.md");

beforeAll(async () => {
  await i18next.init({
    lng: "en", fallbackLng: "en", interpolation: { escapeValue: false },
    resources: { en: { translation: en }, ru: { translation: ru } },
  });
});

describe("errors", () => {
  test("a known code is said in the reader's language", async () => {
    const error = new ApiError(401, { code: "sign_in_refused", message: "refused" });
    expect(errorText(i18next, error)).toBe("E-mail or password is wrong.");
    await i18next.changeLanguage("ru");
    expect(errorText(i18next, error)).toBe("Неверная эл. почта или пароль.");
    await i18next.changeLanguage("en");
  });

  test("an unknown code shows the server's own message", () => {
    expect(errorText(i18next, new ApiError(409, { code: "brand_new", message: "As the server says." }))).toBe("As the server says.");
  });

  test("a locked account is told until when", () => {
    const error = new ApiError(423, { code: "account_locked", message: "", details: { locked_until: "2026-05-01T10:30:00Z" } });
    expect(errorText(i18next, error)).toContain("2026");
  });

  test("a wrong kind of code is named", () => {
    const error = new ApiError(422, { code: "qr_wrong_kind", message: "", details: { kind: "web_address" } });
    expect(errorText(i18next, error)).toContain("web address");
  });

  test("a device on another site names the site", () => {
    const error = new ApiError(409, { code: "device_on_other_site", message: "", details: { site: { id: "1", name: "Mill" } } });
    expect(errorText(i18next, error)).toContain("Mill");
  });

  test("a weak device password names the broken rule, an unbinding its tries and its lock", () => {
    const said = (code: string, details: Record<string, unknown>) => errorText(i18next, new ApiError(422, { code, message: "", details }));
    expect(said("device_password_weak", { rule: "admin" })).toContain("admin");
    expect(said("unbind_password_wrong", { tries_left: 3 })).toContain("3");
    expect(said("unbind_locked", { until: "2026-05-01T10:30:00Z" })).toContain("2026");
  });

  test("a role in use tells by whom, and a right that is missing which one", () => {
    const said = (code: string, details: Record<string, unknown>) => errorText(i18next, new ApiError(409, { code, message: "", details }));
    expect(said("role_in_use", { members: 3, invitations: 1 })).toContain("3 people, 1 open invitation");
    expect(said("role_in_use", { members: 1, invitations: 0 })).toContain("1 person.");
    expect(said("right_missing", { rights: ["manage_roles"] })).toContain("Roles");
    expect(said("right_missing", {})).toBe("You do not have the right to do this.");
  });

  test("an error belongs to the field it names, by the last part of the path", () => {
    const error = new ApiError(422, { code: "name_empty", message: "", details: { field: "company.name" } });
    expect(fieldError(i18next, error, "name")).toBe("Enter a name.");
    expect(fieldError(i18next, error, "region")).toBeUndefined();
  });

  test.skipIf(!existsSync(listed))("every code that the API documents is translated", () => {
    const codes = [...readFileSync(listed, "utf8").matchAll(/^\|\s*`([a-z0-9_]+)`/gm)].map((row) => row[1] ?? "");
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !(code in en.errors))).toEqual([]);
  });
});
