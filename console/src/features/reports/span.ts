// Which days a report is of, and how downtime is counted: kept in the address, so that it can be sent to a colleague.
import { query } from "../../api/client";

export const PRESETS = ["last_30", "this_month", "last_month", "custom"] as const;
export type Preset = (typeof PRESETS)[number];

export interface Choice {
  preset: Preset;
  from: string;
  to: string;
  own_network: "excluded" | "down";
  links: "excluded" | "down";
  maintenance: "excluded" | "counted";
}

const date = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The days of a preset as seen from today, "2026-05-17". */
export function daysOf(preset: Exclude<Preset, "custom">, today: string): { from: string; to: string } {
  const [year = 1970, month = 1, day = 1] = today.split("-").map(Number);
  if (preset === "this_month") return { from: date(year, month - 1, 1), to: today };
  if (preset === "last_month") return { from: date(year, month - 2, 1), to: date(year, month - 1, 0) };
  return { from: date(year, month - 1, day - 29), to: today };
}

/** Today at a place. */
export function todayAt(zone: string, now: number): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(now);
}

const isDate = (text: string | null): text is string => text !== null && /^\d{4}-\d\d-\d\d$/.test(text);

/** What an address says; what it does not say is as usual. */
export function choiceOf(parameters: URLSearchParams, today: string): Choice {
  const preset = PRESETS.find((one) => one === parameters.get("span")) ?? "last_30";
  const [from, to] = [parameters.get("from"), parameters.get("to")];
  const usual = daysOf(preset === "custom" ? "last_30" : preset, today);
  const days = preset === "custom" ? { from: isDate(from) ? from : usual.from, to: isDate(to) ? to : usual.to } : usual;
  return {
    preset, ...days,
    own_network: parameters.get("own_network") === "down" ? "down" : "excluded",
    links: parameters.get("links") === "down" ? "down" : "excluded",
    maintenance: parameters.get("maintenance") === "counted" ? "counted" : "excluded",
  };
}

/** The same as an address says it; what is as usual is left out. */
export function addressOf(choice: Choice): Record<string, string> {
  const all = {
    span: choice.preset === "last_30" ? "" : choice.preset,
    from: choice.preset === "custom" ? choice.from : "",
    to: choice.preset === "custom" ? choice.to : "",
    own_network: choice.own_network === "excluded" ? "" : choice.own_network,
    links: choice.links === "excluded" ? "" : choice.links,
    maintenance: choice.maintenance === "excluded" ? "" : choice.maintenance,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

/** What is asked of the server. */
export function questionOf({ preset: _, ...choice }: Choice): Record<string, string> {
  return choice;
}

/** The address of a file that the browser saves by itself. */
export function fileAddress(site: string, kind: "pdf" | "csv", choice: Choice, more: Record<string, string>): string {
  return `/api/v1/sites/${site}/report/${kind}${query({ ...questionOf(choice), ...more })}`;
}
