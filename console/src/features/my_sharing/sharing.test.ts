import { describe, expect, test } from "vitest";
import type { GivenShare } from "../../api/types";
import { byDevice, byPerson, clockText, secondsUntil } from "./lists";
import { type ChannelView, chooseChannel, chooseDevice, chosenChannels, chosenOf, permissionsOf, type PickDevice, pickOf, setPermission, sharedOf, uniform } from "./sharing";
import { codeIn } from "./tokens";

const recorder: PickDevice = { id: "recorder", name: "Recorder", kind: "nvr", channels: [{ number: 1, name: "Door" }, { number: 2, name: "Yard" }] };
const panel: PickDevice = { id: "panel", name: "Panel", kind: "alarm_panel", channels: [{ number: 0, name: "" }] };

describe("what is chosen", () => {
  test("a ticked device is shared whole, with all that can be done with it", () => {
    const choice = chooseDevice(chooseDevice({}, recorder, true), panel, true);
    expect(sharedOf(choice, [recorder, panel])).toEqual([
      { device_id: "recorder", channel: 1, permissions: ["live_view", "playback", "alarm", "two_way_audio", "ptz"] },
      { device_id: "recorder", channel: 2, permissions: ["live_view", "playback", "alarm", "two_way_audio", "ptz"] },
      { device_id: "panel", channel: 0, permissions: ["arm", "disarm", "bypass", "logs"] },
    ]);
    expect(sharedOf(chooseDevice(choice, recorder, false), [recorder])).toEqual([]);
  });

  test("live pictures cannot be taken out", () => {
    const choice = setPermission(chooseDevice({}, recorder, true), recorder, [1, 2], "live_view", false);
    expect(chosenOf(choice, "recorder", 1)).toContain("live_view");
  });

  test("a permission is taken from all channels at once, or from one, and what is added later is like the others", () => {
    const without = setPermission(chooseDevice({}, recorder, true), recorder, [1, 2], "ptz", false);
    expect(uniform(without, recorder)).not.toContain("ptz");
    const one = setPermission(without, recorder, [2], "playback", false);
    expect(uniform(one, recorder)).toBeNull();
    expect(chosenOf(one, "recorder", 1)).toContain("playback");
    const again = chooseChannel(chooseChannel(without, recorder, 2, false), recorder, 2, true);
    expect(chosenOf(again, "recorder", 2)).toEqual(chosenOf(without, "recorder", 1));
  });

  test("permissions go in the order of the API, however they are ticked", () => {
    const bare = permissionsOf("camera").reduce((now, one) => setPermission(now, recorder, [1], one, false), chooseDevice({}, recorder, true));
    const ticked = setPermission(setPermission(bare, recorder, [1], "ptz", true), recorder, [1], "playback", true);
    expect(chosenOf(ticked, "recorder", 1)).toEqual(["live_view", "playback", "ptz"]);
  });

  test("a panel of which nothing may be done is not shared", () => {
    const choice = permissionsOf("alarm_panel").reduce((now, one) => setPermission(now, panel, [0], one, false), chooseDevice({}, panel, true));
    expect(chosenChannels(choice, panel)).toHaveLength(1);
    expect(sharedOf(choice, [panel])).toEqual([]);
  });

  test("what is shared already is picked up as it is", () => {
    const { devices, choice } = pickOf([channel("recorder", 2, ["playback", "live_view"]), channel("recorder", 1, ["live_view"])]);
    expect(devices).toHaveLength(1);
    expect(sharedOf(choice, devices).map(({ channel, permissions }) => [channel, permissions])).toEqual([[2, ["live_view", "playback"]], [1, ["live_view"]]]);
  });
});

describe("lists of what is shared", () => {
  const door = channel("recorder", 1, ["live_view"]);
  const both = given("a", "zoe", [door, channel("panel", 0, ["arm"])]);
  const other = given("b", "ann", [channel("recorder", 2, ["live_view"])]);

  test("each device tells who has what of it, and of nothing else", () => {
    const devices = byDevice([both, other]);
    expect(devices.map(({ id, parts }) => [id, parts.map(({ share, channels }) => [share.id, channels.length])])).toEqual([
      ["panel", [["a", 1]]], ["recorder", [["a", 1], ["b", 1]]],
    ]);
  });

  test("what is changed or taken back of a device's part is of that device alone", () => {
    expect(byDevice([both]).map(({ parts }) => parts[0]?.deviceId)).toEqual(["panel", "recorder"]);
    expect(byPerson([both])[0]?.parts[0]?.deviceId).toBeUndefined();
  });

  test("each person is there once, by name", () => {
    expect(byPerson([both, other, given("c", "zoe", [door])]).map(({ name, parts }) => [name, parts.length])).toEqual([["ann", 1], ["zoe", 2]]);
  });
});

describe("codes", () => {
  test("only the two codes of ours are read", () => {
    const token = "k3J_x-9aQ2mZ7bT4vW8yRg";
    expect(codeIn(`https://home.example/my/apply#${token}`)).toEqual({ kind: "apply", token });
    expect(codeIn(`http://127.0.0.1:8080/my/share#${token}`)).toEqual({ kind: "account", token });
    expect(codeIn(`https://home.example/my/apply#`)).toBeNull();
    expect(codeIn(`https://home.example/menu#${token}`)).toBeNull();
    expect(codeIn(`javascript:/my/apply#${token}`)).toBeNull();
    expect(codeIn("DS-2CD2143G2-I")).toBeNull();
  });

  test("a clock counts down to nothing, and not below", () => {
    const now = Date.parse("2026-05-01T10:00:00Z");
    expect(secondsUntil("2026-05-01T10:05:00Z", now)).toBe(300);
    expect(secondsUntil("2026-05-01T10:00:01.2Z", now)).toBe(1);
    expect(secondsUntil("2026-05-01T09:59:00Z", now)).toBe(0);
    expect([300, 61, 9, 0].map(clockText)).toEqual(["5:00", "1:01", "0:09", "0:00"]);
  });
});

function channel(device: string, number: number, permissions: ChannelView["permissions"]): ChannelView {
  return { device_id: device, device_name: device, device_kind: device === "panel" ? "alarm_panel" : "nvr", channel: number, channel_name: null, permissions };
}

function given(id: string, receiver: string, channels: ChannelView[]): GivenShare {
  return { id, site_id: "site", site_name: "Site", receiver_id: receiver, receiver_name: receiver, receiver_email: "", created_at: "2026-05-01T10:00:00Z", channels };
}
