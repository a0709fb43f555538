import { expect, test } from "vitest";
import { countsOf, isSettled } from "./progress";

const items = [
  { state: "added", next: "open_device" }, { state: "ready", next: "wait" }, { state: "waiting_for_registration", next: "wait" },
  { state: "login_refused", next: "enter_login" }, { state: "failed", next: "wait" },
] as const;

test("what is added or asks for a person is settled, what waits is not", () => {
  expect(items.map((item) => isSettled(item, true))).toEqual([true, false, false, true, true]);
  expect(countsOf([...items], true)).toEqual({ added: 1, asking: 2, total: 5 });
});

test("before the worker's first look, not to be found means nothing", () => {
  const fresh = { state: "unknown", next: "check_label" } as const;
  expect(isSettled(fresh, false)).toBe(false);
  expect(isSettled(fresh, true)).toBe(true);
});
