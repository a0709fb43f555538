import { expect, test } from "vitest";
import { countsOf, isSettled } from "./progress";

test("what is added or asks for a person is settled, what waits is not", () => {
  const items = [
    { state: "added", next: "open_device" }, { state: "ready", next: "wait" }, { state: "waiting_for_registration", next: "wait" },
    { state: "login_refused", next: "enter_login" }, { state: "failed", next: "wait" },
  ] as const;
  expect(items.map(isSettled)).toEqual([true, false, false, true, true]);
  expect(countsOf([...items], 6)).toEqual({ added: 1, asking: 2, total: 6 });
});
