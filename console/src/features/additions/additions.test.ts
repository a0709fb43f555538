import { describe, expect, test } from "vitest";
import type { AddState, DeviceKind, HelpCheck } from "../../api/types";
import en from "../../texts/en.json";
import ru from "../../texts/ru.json";
import { helpText, isFinal, isWaiting, needsPerson, stagesOf, toneOf } from "./additionState";
import { allMet, devicePasswordRules, randomCode, randomPassword, shortSerial, verificationCodeRules } from "./rules";
import { hasMoved } from "./useArrival";

const STATES: AddState[] = [
  "unknown", "offline", "not_activated", "service_disabled", "waiting_for_registration", "login_needed", "login_refused",
  "wrong_verification_code", "firmware_too_old", "on_this_site", "on_other_site", "someone_elses", "ready", "added", "failed",
];
const KINDS: DeviceKind[] = ["camera", "nvr", "dvr", "alarm_panel", "intercom", "access_control", "switch", "router", "unknown"];

const CHECKS: HelpCheck[] = ["link", "power", "cable", "wi_fi", "same_lan", "dhcp", "dns", "gateway", "ports", "serial"];

describe("an addition", () => {
  test.each(STATES)("%s has a title, a text, a badge and a stage", (state) => {
    for (const texts of [en, ru]) {
      expect(state in texts.add_state, "badge").toBe(true);
      expect(state in texts.add_title, "title").toBe(true);
      expect(state in texts.add_text, "text").toBe(true);
    }
    expect(toneOf(state)).toBeTruthy();
    expect(stagesOf(state).filter(({ state: stage }) => stage === "now")).toHaveLength(isFinal({ state }) ? 0 : 1);
  });

  test("the way to an added device leaves no stage open", () => {
    expect(stagesOf("added").every(({ state }) => state === "done")).toBe(true);
    expect(stagesOf("login_needed").map(({ state }) => state)).toEqual(["done", "done", "done", "now", "later"]);
  });

  test("what waits is not asked of a person, and what is over is not asked for", () => {
    expect(isWaiting({ state: "waiting_for_registration", next: "wait" })).toBe(true);
    expect(isWaiting({ state: "ready", next: "add" })).toBe(false);
    expect(isWaiting({ state: "added", next: "open_device" })).toBe(false);
    expect(needsPerson("wait")).toBe(false);
    expect(needsPerson("create_password")).toBe(true);
    expect(isFinal({ state: "added" })).toBe(true);
    // Unbound in its local menu it becomes free by itself.
    expect(isFinal({ state: "someone_elses" })).toBe(false);
  });

  test.each(KINDS)("every check of an offline %s has a text", (kind) => {
    for (const check of CHECKS) expect(helpText(check, kind) in en.help, check).toBe(true);
  });
});

describe("a device that was away", () => {
  const seen = (state: AddState, serial = "Q12345678") => [{ serial, state }];
  const at = (state: AddState) => ({ state, serial: "Q12345678" });
  test("is looked at again as soon as a link tells something else of it", () => {
    expect(hasMoved(at("unknown"), seen("login_needed"))).toBe(true);
    expect(hasMoved(at("offline"), seen("offline"))).toBe(false);
    expect(hasMoved(at("someone_elses"), seen("login_needed"))).toBe(true);
    expect(hasMoved(at("unknown"), seen("login_needed", "Q99999999"))).toBe(false);
    // There a person is asked already.
    expect(hasMoved(at("login_refused"), seen("login_needed"))).toBe(false);
  });
});

describe("a new device password", () => {
  const unmet = (password: string) => devicePasswordRules(password).filter(({ met }) => !met).map(({ rule }) => rule);
  test.each([
    ["Harbour-42", []], ["", ["length", "classes", "admin"]], ["short-1", ["length"]], ["harbourside", ["classes"]],
    ["my-Admin-42", ["admin"]], ["xxNIMDA99", ["admin"]], ["seventeen-letters", ["length"]], ["пароль-длинный1", ["length"]],
  ])("%s", (password, rules) => expect(unmet(password)).toEqual(rules));

  test("a random one meets every rule and has all four classes", () => {
    for (let round = 0; round < 200; round += 1) {
      const password = randomPassword();
      expect(allMet(devicePasswordRules(password)), password).toBe(true);
      expect([/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].every((one) => one.test(password)), password).toBe(true);
    }
  });
});

describe("a new verification code", () => {
  const unmet = (code: string) => verificationCodeRules(code).filter(({ met }) => !met).map(({ rule }) => rule);
  test.each([
    ["Harbour42", []], ["", ["length", "characters", "default"]], ["ABCDEF", ["default"]], ["abcdef", []], ["ABC-12", ["characters"]],
    ["ABCDE", ["length"]], ["ABCDEFGHIJKLM", ["length"]],
  ])("%s", (code, rules) => expect(unmet(code)).toEqual(rules));

  test("a random one meets every rule", () => {
    for (let round = 0; round < 200; round += 1) expect(allMet(verificationCodeRules(randomCode()))).toBe(true);
  });
});

describe("a serial number", () => {
  test.each([
    ["123456789", "123456789"], [" q12345678 ", "Q12345678"], ["DS-2CD2386G2-IU20230405AAWRQ12345678WCVU", "Q12345678"],
    ["DS-7608NI-K2/8P0820190101CCRRC11122233WCVU", "C11122233"], ["12345678", null], ["", null], ["ABCDEFGHI", null],
  ])("%s", (text, serial) => expect(shortSerial(text)).toBe(serial));
});
