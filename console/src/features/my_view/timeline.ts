// A day as a line, with what is recorded on it.
import type { Recording } from "../../api/types";

export interface Piece { left: number; width: number }

/** The first instant of a day as the person reads it, and the first of the next; `day` as in `2026-11-28`. */
export function boundsOf(day: string): { from: Date; to: Date } {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  // The day after may be 23 or 25 hours later.
  return { from: new Date(year, month - 1, date), to: new Date(year, month - 1, date + 1) };
}

/** The day of an instant, as an input of type date writes it. */
export function dayOf(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Where recordings lie on a day, in hundredths of it. Those that touch are one. */
export function piecesOf(recordings: readonly Recording[], day: string): Piece[] {
  const { from, to } = boundsOf(day);
  const [start, end] = [from.getTime(), to.getTime()];
  const spans = recordings
    .map((one): [number, number] => [Math.max(Date.parse(one.from), start), Math.min(Date.parse(one.to), end)])
    .filter(([begins, ends]) => begins < ends)
    .sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [begins, ends] of spans) {
    const last = joined.at(-1);
    if (last && begins <= last[1] + 1000) last[1] = Math.max(last[1], ends);
    else joined.push([begins, ends]);
  }
  const part = (time: number) => (100 * time) / (end - start);
  return joined.map(([begins, ends]) => ({ left: part(begins - start), width: Math.max(part(ends - begins), 0.2) }));
}

/** How many seconds of a day are recorded. */
export function secondsOf(pieces: readonly Piece[]): number {
  return Math.round(pieces.reduce((sum, piece) => sum + piece.width, 0) * 864);
}
