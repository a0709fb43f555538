// A range of time as the browser's own fields write it, in the person's time zone.

const pad = (number: number) => String(number).padStart(2, "0");

/** `2027-01-15T08:00`, as a field of type datetime-local takes it. */
export function localOf(at: Date): string {
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The hour before `now`, up to and with its minute. */
export function lastHour(now: Date): { from: string; until: string } {
  return { from: localOf(new Date(now.getTime() - 3_600_000)), until: localOf(new Date(now.getTime() + 60_000)) };
}

/** The instant that a field holds, or none. */
export function instantOf(local: string): string | null {
  const at = new Date(local);
  return local && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}
