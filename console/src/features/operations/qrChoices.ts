// What a person chooses for a device QR, and when that makes a request.
import type { DeviceQrRequest } from "../../api/types";
import { randomLetters } from "../../ui/random";

export type QrKind = DeviceQrRequest["kind"];
export interface QrChoices { kind: QrKind; password: string; days: number | ""; confirmed: boolean; format: "png" | "svg" }

/** Sealed with a password for 30 days: the recommended way is the one that is set. */
export const START: QrChoices = { kind: "sealed", password: "", days: 30, confirmed: false, format: "png" };

export const LEAST = 8;
export const MOST = 64;

/** How well a password seals, 0 (too short) to 4: by its length and the kinds of its characters. */
export function strengthOf(password: string): 0 | 1 | 2 | 3 | 4 {
  const letters = [...password];
  if (letters.length < LEAST) return 0;
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((one) => one.test(password)).length;
  const alphabet = [0, 10, 36, 62, 90][classes] ?? 10;
  // Repetitions add nothing to guess.
  const bits = Math.min(letters.length, new Set(letters).size * 2) * Math.log2(alphabet);
  if (bits < 40) return 1;
  if (bits < 58) return 2;
  return bits < 75 ? 3 : 4;
}

/** The request, or null while something is missing. */
export function qrRequest(ids: string[], { kind, password, days, confirmed, format }: QrChoices): DeviceQrRequest | null {
  if (ids.length === 0) return null;
  if (kind === "sealed") {
    const count = [...password].length;
    if (count < LEAST || count > MOST || (days !== "" && (!Number.isInteger(days) || days < 1 || days > 365))) return null;
    return { device_ids: ids, kind, password, format, ...(days === "" ? {} : { valid_days: days }) };
  }
  return confirmed ? { device_ids: ids, kind, confirmed: true, format, ...(kind === "vendor" && password ? { password } : {}) } : null;
}

/** A password that is easy to read out: four groups of four. */
export function randomSealPassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  return [1, 2, 3, 4].map(() => randomLetters(letters, 4)).join("-");
}
