// Finds a fact of a topic among a device's facts.
import type { Device, FactView, Topic } from "../../api/types";

export interface Fact<T> { value: T; source: string; measured_at: string; fresh: boolean }

/** The fact of a topic; the server keeps the shape of its value by topic. */
export function factOf<T>(device: Device, topic: Topic): Fact<T> | undefined {
  const found: FactView | undefined = device.facts.find((fact) => fact.topic === topic);
  return found && found.value !== null ? (found as Fact<T>) : undefined;
}
