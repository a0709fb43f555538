// Ages, spans and instants as short texts. The translate function is an argument, so that tests need no page.

export type Translate = (key: string, values?: Record<string, unknown>) => string;

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** How long ago something was, e.g. "20 s ago". */
export function formatAge(seconds: number, t: Translate): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 3) return t("age.now");
  if (whole < 2 * MINUTE) return t("age.seconds", { n: whole });
  if (whole < 2 * HOUR) return t("age.minutes", { n: Math.floor(whole / MINUTE) });
  if (whole < 2 * DAY) return t("age.hours", { n: Math.floor(whole / HOUR) });
  return t("age.days", { n: Math.floor(whole / DAY) });
}

/** A length of time in its two largest units, e.g. "2 h 5 min". */
export function formatSpan(seconds: number, t: Translate): string {
  const whole = Math.max(0, Math.floor(Math.abs(seconds)));
  const parts: [number, string][] = [
    [Math.floor(whole / DAY), "span.days"],
    [Math.floor((whole % DAY) / HOUR), "span.hours"],
    [Math.floor((whole % HOUR) / MINUTE), "span.minutes"],
    [whole % MINUTE, "span.seconds"],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first < 0) return t("span.seconds", { n: 0 });
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, key]) => t(key, { n }))
    .join(" ");
}

/** Seconds between an instant and `now` (milliseconds). */
export function secondsSince(instant: string, now: number): number {
  return (now - Date.parse(instant)) / 1000;
}

/** An instant in the reader's own time zone and language. */
export function formatInstant(instant: string, language: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** Only the time of day, for hours of today. */
export function formatHour(instant: number, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: "short", hour: "2-digit", minute: "2-digit" }).format(instant);
}

/** A date without a time ("2026-05-01"), whatever this computer's time zone. */
export function formatDay(date: string, language: string): string {
  const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(at);
}
