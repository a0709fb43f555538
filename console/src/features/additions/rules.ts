// The rules for a device's new password and verification code that can be told while typing; the server has the last word.
import { randomLetters } from "../../ui/random";

export interface Rule<Name extends string> { rule: Name; met: boolean }

const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];

/** A device password: 8 to 16 characters, two classes, neither `admin` nor `nimda` in it (R-D6). */
export function devicePasswordRules(password: string): Rule<"length" | "classes" | "admin">[] {
  const lower = password.toLowerCase();
  return [
    { rule: "length", met: /^[\x20-\x7e]{8,16}$/.test(password) },
    { rule: "classes", met: CLASSES.filter((one) => one.test(password)).length >= 2 },
    { rule: "admin", met: password !== "" && !lower.includes("admin") && !lower.includes("nimda") },
  ];
}

/** A verification code: 6 to 12 letters and digits, not `ABCDEF` (R-D7). */
export function verificationCodeRules(code: string): Rule<"length" | "characters" | "default">[] {
  return [
    { rule: "length", met: code.length >= 6 && code.length <= 12 },
    { rule: "characters", met: /^[a-zA-Z0-9]+$/.test(code) },
    { rule: "default", met: code !== "" && code !== "ABCDEF" },
  ];
}

export const allMet = (rules: { met: boolean }[]): boolean => rules.every(({ met }) => met);

// Without letters and digits that look alike: these are read from a screen and typed on a phone.
const SMALL = "abcdefghijkmnpqrstuvwxyz";
const CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS = "23456789";
const SIGNS = "-_.+=!";

/** A password of 14 characters with all four classes. */
export function randomPassword(): string {
  for (;;) {
    const password = randomLetters(SMALL + CAPITALS + DIGITS + SIGNS, 14);
    if (CLASSES.every((one) => one.test(password)) && allMet(devicePasswordRules(password))) return password;
  }
}

/** A verification code as labels print them: six capitals. */
export function randomCode(): string {
  for (;;) {
    const code = randomLetters(CAPITALS, 6);
    if (allMet(verificationCodeRules(code))) return code;
  }
}

/** The nine characters of a serial number that was typed or printed long; null where there is none in it. */
export function shortSerial(text: string): string | null {
  const stripped = text.replaceAll(/[\s-]/g, "").toUpperCase();
  for (const candidate of [stripped, stripped.replace(/[A-Z]+$/, "").slice(-9)]) {
    if (/^(?=.{9}$)[A-Z]{0,2}\d{7,9}$/.test(candidate)) return candidate;
  }
  return null;
}
