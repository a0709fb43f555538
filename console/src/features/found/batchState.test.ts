import { describe, expect, test } from "vitest";
import type { AddState, FoundDevice } from "../../api/types";
import { canTick, chosen, enter, problems, requestOf, START, tick, tickAll } from "./batchState";

function device(serial: string, state: AddState, activated: boolean | null = true): FoundDevice {
  return {
    serial, state, activated, model: "DS-2CD", firmware: "V5.7.1", kind: "camera", host: "192.168.1.64", mac: null, link_id: "l",
    link_name: "Box", online: state !== "offline", service_enabled: true, bind: "free", next: "none",
    device_id: state === "on_this_site" ? "d" : null, last_seen_at: "",
  };
}

const list = [
  device("A", "login_needed"), device("B", "not_activated", false), device("C", "on_this_site"), device("D", "someone_elses"),
  device("E", "offline"), device("F", "service_disabled"),
];

describe("devices found in the LAN", () => {
  test("only what a batch can lead on is tickable", () => {
    expect(list.filter(canTick).map(({ serial }) => serial)).toEqual(["A", "B", "F"]);
  });

  test("all are ticked and unticked, save those that cannot be added", () => {
    const all = tickAll(START, list, true);
    expect([...all.ticked]).toEqual(["A", "B", "F"]);
    expect(tickAll(all, list, false).ticked.size).toBe(0);
    expect(tick(all, "B", false).ticked.has("B")).toBe(false);
  });

  test("a device that was added meanwhile is no longer chosen", () => {
    const batch = tickAll(START, list, true);
    const later = list.map((one) => (one.serial === "A" ? { ...one, state: "on_this_site" as const, device_id: "d" } : one));
    expect(chosen(batch, later).map(({ serial }) => serial)).toEqual(["B", "F"]);
  });

  test("one password has to meet the rules as soon as a device gets it as its first", () => {
    const weak = { ...START, password: "harbour" };
    expect(problems(weak, [device("A", "login_needed")]).size).toBe(0);
    expect(problems(weak, [device("A", "login_needed"), device("B", "not_activated", false)])).toEqual(new Map([["B", "weak"]]));
    expect(problems(START, [device("A", "login_needed")])).toEqual(new Map([["A", "missing"]]));
  });

  test("with one each the passwords stand beside their devices", () => {
    const batch = enter(enter({ ...START, way: "each" }, "A", { password: "one" }), "B", { password: "Harbour-42", name: " Gate " });
    expect(problems(batch, list.slice(0, 2)).size).toBe(0);
    expect(requestOf(batch, list.slice(0, 2))).toEqual({
      user_name: "admin", items: [{ serial: "A", password: "one" }, { serial: "B", name: "Gate", password: "Harbour-42" }],
    });
  });

  test("one for all is sent once", () => {
    expect(requestOf({ ...START, password: "Harbour-42" }, list.slice(0, 1)))
      .toEqual({ user_name: "admin", password: "Harbour-42", items: [{ serial: "A" }] });
  });
});
