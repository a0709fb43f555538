import { describe, expect, test } from "vitest";
import type { Device } from "../../api/types";
import { fullAddress, hostAndPort } from "./address";
import { changesOf } from "./EditDeviceDialog";
import { factRows } from "./factRows";

const t = (key: string, values?: Record<string, unknown>) => (values ? `${key} ${Object.values(values).join(" ")}` : key);

describe("addresses", () => {
  test("the scheme's own port is left out, IPv6 gets brackets only with a port", () => {
    expect(hostAndPort({ scheme: "http", host: "10.0.0.5", port: 80 })).toBe("10.0.0.5");
    expect(hostAndPort({ scheme: "https", host: "10.0.0.5", port: 8443 })).toBe("10.0.0.5:8443");
    expect(hostAndPort({ scheme: "http", host: "fd00::1", port: 8080 })).toBe("[fd00::1]:8080");
    expect(fullAddress({ scheme: "https", host: "fd00::1", port: 443 })).toBe("https://[fd00::1]:443");
  });
});

describe("editing a device", () => {
  const device = { name: "Gate", host: "10.0.0.5", port: 80, user_name: "admin" } as Device;
  const form = { name: "Gate", host: "10.0.0.5", port: 80, user_name: "admin", password: "" };
  test("only what was changed is sent", () => {
    expect(changesOf(device, form)).toEqual({});
    expect(changesOf(device, { ...form, name: "Door", password: "p" })).toEqual({ name: "Door", password: "p" });
    expect(changesOf(device, { ...form, port: 8080 })).toEqual({ port: 8080 });
  });
});

describe("facts", () => {
  test("what the device did not tell is left out", () => {
    expect(factRows(t, "status", { uptime_seconds: null, cpu_percent: 12.4, memory_percent: null })).toEqual([["fact.cpu", "12 %"]]);
  });

  test("a clock says which way it is off", () => {
    const clock = { mode: null, local_time: "", time_zone: null };
    expect(factRows(t, "clock", { ...clock, offset_seconds: -90 })[0]?.[1]).toContain("behind");
    expect(factRows(t, "clock", { ...clock, offset_seconds: 0 })[0]?.[1]).toBe("fact.offset_none");
  });
});
