// What a refused unbinding means for the page: what is said, and whether trying again makes sense.
import { ApiError } from "../../api/client";

export type Refusal =
  | { kind: "service_centre"; reason: "firmware" | "ezviz"; serial: string }
  | { kind: "locked"; until: string | null }
  | { kind: "password"; triesLeft: number | null }
  | { kind: "captcha" }
  | { kind: "other" };

export function refusalOf(error: unknown): Refusal | null {
  if (!error) return null;
  if (!(error instanceof ApiError)) return { kind: "other" };
  const { code, details } = error;
  switch (code) {
    case "unbind_service_centre":
      return { kind: "service_centre", reason: details.reason === "ezviz" ? "ezviz" : "firmware", serial: String(details.serial ?? "") };
    case "unbind_locked":
      return { kind: "locked", until: typeof details.until === "string" ? details.until : null };
    case "unbind_password_wrong":
      return { kind: "password", triesLeft: typeof details.tries_left === "number" ? details.tries_left : null };
    case "captcha_wrong":
      return { kind: "captcha" };
    default:
      return { kind: "other" };
  }
}
