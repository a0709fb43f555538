// The scale of a chart of temperatures: pure.
import type { TemperatureDay } from "../../api/types";

/** From here on a disk is too warm for what most makers promise. */
export const TOO_WARM = 60;

export interface Heat {
  /** Whole tens around what was measured. */
  bottom: number;
  top: number;
  /** The outline of what lay between lowest and highest, and the line of the highest; x in days from 0, y in degrees from the top. */
  band: string;
  line: string;
  days: number;
}

/** Draws days on a scale; null without any. A day on which nothing was told is bridged by a straight line. */
export function heatOf(days: TemperatureDay[]): Heat | null {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const bottom = Math.floor((Math.min(...days.map((day) => day.lowest_celsius)) - 1) / 10) * 10;
  const top = Math.ceil((Math.max(...days.map((day) => day.highest_celsius)) + 1) / 10) * 10;
  const number = (day: TemperatureDay) => Math.round((Date.parse(day.date) - Date.parse(first.date)) / 86_400_000);
  const point = (day: TemperatureDay, degrees: number) => `${number(day)},${top - degrees}`;
  const above = days.map((day) => point(day, day.highest_celsius));
  const below = [...days].reverse().map((day) => point(day, day.lowest_celsius));
  // A single day is drawn as wide as one.
  const one = days.length === 1;
  return {
    bottom, top, days: Math.max(number(last), 1),
    band: [...above, ...(one ? [`1,${top - first.highest_celsius}`, `1,${top - first.lowest_celsius}`] : []), ...below].join(" "),
    line: [...above, ...(one ? [`1,${top - first.highest_celsius}`] : [])].join(" "),
  };
}
