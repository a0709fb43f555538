// How an address is written.
import type { DeviceSummary, Scheme } from "../../api/types";

interface Address { scheme: Scheme; host: string; port: number }

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** Host and port, the port left out where it is the scheme's own. */
export function hostAndPort({ scheme, host, port }: Address): string {
  const own = scheme === "https" ? 443 : 80;
  return port === own ? host : `${bracketed(host)}:${port}`;
}

/** The whole address. */
export function fullAddress(address: Address): string {
  return `${address.scheme}://${bracketed(address.host)}:${address.port}`;
}

/** What a device is called: its name, or where it is. */
export function deviceName(device: Address & { name: string }): string {
  return device.name || hostAndPort(device);
}

/** Where a device is: its address, and behind a link its serial number, by which it is found again when the address changes. */
export function whereOf(device: DeviceSummary): string {
  return [hostAndPort(device), device.access === "link" ? device.serial : null].filter(Boolean).join(" · ");
}
