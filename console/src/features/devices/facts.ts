// Finds a fact of a topic among a device's facts.
import type { Device, DeviceHealth, FactView, Topic } from "../../api/types";

/** Whatever has facts: a device as staff or as its owner sees it. */
export type Known = Pick<Device, "facts">;

export interface Fact<T> { value: T; source: string; measured_at: string; fresh: boolean }

/** The fact of a topic; the server keeps the shape of its value by topic. */
export function factOf<T>(device: Known, topic: Topic): Fact<T> | undefined {
  const found: FactView | undefined = device.facts.find((fact) => fact.topic === topic);
  return found && found.value !== null ? (found as Fact<T>) : undefined;
}

/** A device as it may be shown: when nobody has looked for two periods, no fact counts any more, whatever was last heard. */
export function asKnown<D extends Known & Pick<Device, "health">>(device: D, shown: DeviceHealth): D {
  if (shown !== "unknown" || device.health === "unknown") return device;
  return { ...device, facts: device.facts.map((fact) => ({ ...fact, fresh: false })) };
}
