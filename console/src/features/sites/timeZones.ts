// Time zones as the browser knows them.

export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Every zone name, with UTC, and with `present` even where this browser does not list it. */
export function timeZones(present: string): string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", present])].filter(Boolean).sort();
}
