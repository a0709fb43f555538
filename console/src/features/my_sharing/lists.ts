// What is shared, sorted by device or by person; and how long a code still lasts.
import type { DeviceKind, GivenShare, ShareCodeLook } from "../../api/types";
import type { ChannelView } from "./sharing";

/** A share, and the part of it that is shown here: of one device, or all of it. */
export interface Part { share: GivenShare; channels: ChannelView[]; deviceId?: string }
/** A device of which something is shared, or somebody with whom it is. */
export interface Sorted { id: string; name: string; parts: Part[] }

/** The devices of which something is shared, by name; each share with the channels of that device alone. */
export function byDevice(shares: GivenShare[]): Sorted[] {
  const devices = new Map<string, Sorted>();
  for (const share of shares) {
    for (const { device_id, device_name } of share.channels) {
      const device = devices.get(device_id) ?? { id: device_id, name: device_name, parts: [] };
      devices.set(device_id, device);
      if (device.parts.some((part) => part.share.id === share.id)) continue;
      device.parts.push({ share, channels: share.channels.filter((channel) => channel.device_id === device_id), deviceId: device_id });
    }
  }
  return sorted([...devices.values()]);
}

/** The people with whom something is shared, by name. */
export function byPerson(shares: GivenShare[]): Sorted[] {
  const people = new Map<string, Sorted>();
  for (const share of shares) {
    const person = people.get(share.receiver_id) ?? { id: share.receiver_id, name: share.receiver_name, parts: [] };
    person.parts.push({ share, channels: share.channels });
    people.set(share.receiver_id, person);
  }
  return sorted([...people.values()]);
}

/** The devices behind a code, in its order, each with its channels. */
export function byName(channels: ShareCodeLook["channels"]): { name: string; kind: DeviceKind; numbers: number[] }[] {
  const devices = new Map<string, { name: string; kind: DeviceKind; numbers: number[] }>();
  for (const { device_name: name, device_kind: kind, channel } of channels) {
    const key = `${kind} ${name}`;
    const device = devices.get(key) ?? { name, kind, numbers: [] };
    device.numbers.push(channel);
    devices.set(key, device);
  }
  return [...devices.values()];
}

function sorted(items: Sorted[]): Sorted[] {
  return items.sort((one, other) => one.name.localeCompare(other.name));
}

/** Whole seconds until an instant; 0 once it is over. */
export function secondsUntil(instant: string, now: number): number {
  return Math.max(0, Math.floor((Date.parse(instant) - now) / 1000));
}

/** Minutes and seconds as a clock shows them, e.g. "4:07". */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
