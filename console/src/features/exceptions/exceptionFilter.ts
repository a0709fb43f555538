// Which exceptions are shown: the filters stand in the address, so that a view can be sent to a colleague.

export const SHOWN = { open: true, closed: false, all: null } as const;
export type Show = keyof typeof SHOWN;

export const SPANS = ["day", "week", "month", "own"] as const;
const HOURS: Record<string, number> = { day: 24, week: 7 * 24, month: 30 * 24 };
const STEP = 60_000;

export function showOf(parameters: URLSearchParams): Show {
  const asked = parameters.get("show") ?? "open";
  return asked in SHOWN ? (asked as Show) : "open";
}

/** What a day means is that of the reader. */
function instant(day: string | null, following: number): string | null {
  const [year, month, date] = (day ?? "").split("-").map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date + following).toISOString();
}

/** The query of the API. `now` in milliseconds; it moves on by minutes, so that a list is not asked for anew all the time. */
export function filterOf(parameters: URLSearchParams, now: number) {
  const text = (name: string) => parameters.get(name) || null;
  const span = text("time");
  const hours = HOURS[span ?? ""];
  const device = text("device");
  const channel = Number(parameters.get("channel"));
  return {
    open: SHOWN[showOf(parameters)], kind: text("kind"), severity: text("severity"), site_id: text("site"), device_id: device,
    channel: device && Number.isInteger(channel) && channel > 0 ? channel : null, cause_id: text("cause"),
    from: hours ? new Date(Math.floor(now / STEP) * STEP - hours * 3_600_000).toISOString() : span === "own" ? instant(text("from"), 0) : null,
    to: span === "own" ? instant(text("to"), 1) : null,
  };
}

/** How many of the filters that are folded away on a phone narrow the list. */
export function narrowing(parameters: URLSearchParams): number {
  return ["severity", "site", "device", "channel", "time", "cause"].filter((name) => parameters.get(name)).length;
}
