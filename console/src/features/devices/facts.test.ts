import { expect, test } from "vitest";
import type { Device } from "../../api/types";
import { asKnown } from "./facts";

const device = { health: "faulty", facts: [{ topic: "disks", fresh: true }, { topic: "clock", fresh: false }] } as unknown as Device;

test("once nobody has looked for two periods no fact counts, whatever the server said last", () => {
  expect(asKnown(device, "unknown").facts.map(({ fresh }) => fresh)).toEqual([false, false]);
  expect(asKnown(device, "faulty")).toBe(device);
});
