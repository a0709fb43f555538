// What is shared, as the pages hold it: which channels of which devices, and what may be done with each.
import type { CodeChannel, DeviceKind, SharePermission } from "../../api/types";

export interface PickChannel { number: number; name: string }
/** A device to choose from; one without channels has number 0, which is the device itself. */
export interface PickDevice { id: string; name: string; kind: DeviceKind; channels: PickChannel[] }
/** A channel of something that is shared, as the API tells of it. */
export type ChannelView = CodeChannel & { channel_name?: string | null };
export interface Shared { device_id: string; channel: number; permissions: SharePermission[] }
/** What is chosen: permissions by device and channel. What is not in it is not shared. */
export type Choice = Readonly<Record<string, readonly SharePermission[]>>;

const OF_PANEL: readonly SharePermission[] = ["arm", "disarm", "bypass", "logs"];
const OF_PICTURES: readonly SharePermission[] = ["live_view", "playback", "alarm", "two_way_audio", "ptz"];

/** What is looked at or armed by nobody is not shared. */
const NEVER: readonly DeviceKind[] = ["switch", "router", "unknown"];

/** Whether there is anything to share of a device of this kind. */
export function canBeShared(kind: DeviceKind): boolean {
  return !NEVER.includes(kind);
}

/** What can be shared of a device of this kind. */
export function permissionsOf(kind: DeviceKind): readonly SharePermission[] {
  return kind === "alarm_panel" ? OF_PANEL : OF_PICTURES;
}

/** Live pictures are always part of what is shared, and cannot be left out. */
export function isFixed(permission: SharePermission): boolean {
  return permission === "live_view";
}

/** Any of these opens an operator's account on an alarm panel. */
export function isOperating(permission: SharePermission): boolean {
  return permission === "arm" || permission === "disarm" || permission === "bypass";
}

const keyOf = (device: string, channel: number) => `${device} ${channel}`;

/** What is chosen of a channel; none: it is not. */
export function chosenOf(choice: Choice, device: string, channel: number): readonly SharePermission[] | undefined {
  return choice[keyOf(device, channel)];
}

/** The channels of a device that are chosen. */
export function chosenChannels(choice: Choice, device: PickDevice): PickChannel[] {
  return device.channels.filter(({ number }) => chosenOf(choice, device.id, number));
}

/** All of a device with all that can be done with it, or nothing of it. */
export function chooseDevice(choice: Choice, device: PickDevice, on: boolean): Choice {
  return device.channels.reduce((now, { number }) => put(now, device.id, number, on ? permissionsOf(device.kind) : null), choice);
}

/** One channel more or less; what is new may be used as the others of its device, where those are alike. */
export function chooseChannel(choice: Choice, device: PickDevice, channel: number, on: boolean): Choice {
  const alike = uniform(choice, device) ?? permissionsOf(device.kind);
  return put(choice, device.id, channel, on ? alike : null);
}

/** A permission more or less, on the given channels of a device as far as they are chosen. */
export function setPermission(choice: Choice, device: PickDevice, channels: number[], permission: SharePermission, on: boolean): Choice {
  if (isFixed(permission)) return choice;
  return channels.reduce((now, channel) => {
    const before = chosenOf(now, device.id, channel);
    if (!before) return now;
    const wanted = permissionsOf(device.kind).filter((one) => (one === permission ? on : before.includes(one)));
    return put(now, device.id, channel, wanted);
  }, choice);
}

/** What may be done with all chosen channels of a device, where it is the same with each; null where they differ or none is chosen. */
export function uniform(choice: Choice, device: PickDevice): readonly SharePermission[] | null {
  const [first, ...others] = chosenChannels(choice, device).map(({ number }) => chosenOf(choice, device.id, number) ?? []);
  if (!first) return null;
  return others.every((other) => other.join() === first.join()) ? first : null;
}

/** What is chosen, as the API takes it. A panel of which nothing may be done is not shared. */
export function sharedOf(choice: Choice, devices: PickDevice[]): Shared[] {
  return devices.flatMap((device) => chosenChannels(choice, device).flatMap(({ number }) => {
    const permissions = [...(chosenOf(choice, device.id, number) ?? [])];
    return permissions.length > 0 ? [{ device_id: device.id, channel: number, permissions }] : [];
  }));
}

/** Devices and choice of something that is shared, applied for or offered already. */
export function pickOf(channels: ChannelView[]): { devices: PickDevice[]; choice: Choice } {
  const devices = new Map<string, PickDevice>();
  const choice: Record<string, readonly SharePermission[]> = {};
  for (const { device_id, device_name, device_kind, channel, channel_name, permissions } of channels) {
    const device = devices.get(device_id) ?? { id: device_id, name: device_name, kind: device_kind, channels: [] };
    device.channels.push({ number: channel, name: channel_name ?? "" });
    devices.set(device_id, device);
    choice[keyOf(device_id, channel)] = permissionsOf(device_kind).filter((one) => permissions.includes(one));
  }
  return { devices: [...devices.values()], choice };
}

function put(choice: Choice, device: string, channel: number, permissions: readonly SharePermission[] | null): Choice {
  const { [keyOf(device, channel)]: _, ...others } = choice;
  return permissions ? { ...others, [keyOf(device, channel)]: permissions } : others;
}
