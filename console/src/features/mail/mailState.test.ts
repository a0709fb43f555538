import { expect, test } from "vitest";
import type { MailSettings } from "../../api/types";
import { formOf, needsPassword, updateOf, withSecurity } from "./mailState";

const saved: MailSettings = {
  host: "mail.example", port: 587, security: "starttls", user_name: "siteward", has_password: true, certificate: null,
  sender_name: "Lockwood", sender_address: "a@lockwood.example", language: "ru", login_refused: false,
};

test("an empty form speaks the reader's language and is safe", () => {
  expect(formOf(null, "Lockwood", "ru")).toMatchObject({ security: "starttls", port: 587, language: "ru", sender_name: "Lockwood" });
});

test("the usual port goes along with the kind of connection, a chosen one stays", () => {
  const form = formOf(saved, "", "en");
  expect(withSecurity(form, "implicit").port).toBe(465);
  expect(withSecurity({ ...form, port: 2525 }, "implicit").port).toBe(2525);
});

test("the password is asked for again when it would go elsewhere", () => {
  const form = formOf(saved, "", "en");
  expect(needsPassword(form, saved)).toBe(false);
  for (const other of [{ host: "x" }, { port: 25 }, { security: "none" as const }, { user_name: "y" }, { certificate: "-----" }]) {
    expect(needsPassword({ ...form, ...other }, saved), JSON.stringify(other)).toBe(true);
    expect(needsPassword({ ...form, ...other, password: "p" }, saved)).toBe(false);
    expect(needsPassword({ ...form, ...other, login: false }, saved)).toBe(false);
  }
  expect(needsPassword(formOf(null, "", "en"), null)).toBe(true);
});

test("what is not used is not sent", () => {
  const form = { ...formOf(saved, "", "en"), password: "p" };
  expect(updateOf({ ...form, login: false })).toMatchObject({ user_name: null, password: null, certificate: null });
  expect(updateOf(form)).toMatchObject({ user_name: "siteward", password: "p", language: "ru" });
});
