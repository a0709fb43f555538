import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../api/client";
import { refusalOf } from "./refusal";
import { likely } from "./useWork";
import { sha256, tryNumbers, zeroBits } from "./work";

const hex = (hash: Uint32Array) => [...hash].map((word) => word.toString(16).padStart(8, "0")).join("");

describe("the captcha's work", () => {
  test.each(["", "abc", "a".repeat(55), "b".repeat(56), "c".repeat(64), "d".repeat(119), "ж".repeat(200)])(
    "the hash of a text is SHA-256: %s",
    (text) => expect(hex(sha256(text))).toBe(createHash("sha256").update(text).digest("hex")),
  );

  test("zero bits are counted over words", () => {
    expect(zeroBits(Uint32Array.of(0x8000_0000, 0))).toBe(0);
    expect(zeroBits(Uint32Array.of(0x0000_ffff, 0))).toBe(16);
    expect(zeroBits(Uint32Array.of(0, 0x4000_0000))).toBe(33);
  });

  test("a found number does what the server checks", () => {
    const found = tryNumbers("a challenge", 12, 0, 100_000);
    expect(found).not.toBeNull();
    const digest = createHash("sha256").update(`a challenge:${found}`).digest();
    expect(digest.readUInt32BE(0) >>> 20).toBe(0);
    expect(tryNumbers("a challenge", 12, 0, found ?? 0)).toBeNull();
  });

  test("progress grows and never claims to be done", () => {
    expect(likely(0, 18)).toBe(0);
    expect(likely(2 ** 18, 18)).toBe(63);
    expect(likely(2 ** 30, 18)).toBe(99);
  });
});

describe("a refused unbinding", () => {
  const refused = (code: string, details = {}) => refusalOf(new ApiError(409, { code, details }));
  test("the service centre gets reason and serial", () => {
    expect(refused("unbind_service_centre", { reason: "ezviz", serial: "Q12345678" }))
      .toEqual({ kind: "service_centre", reason: "ezviz", serial: "Q12345678" });
  });
  test("a lock says until when, a wrong password how many tries are left", () => {
    expect(refused("unbind_locked", { until: "2026-05-01T10:30:00Z" })).toEqual({ kind: "locked", until: "2026-05-01T10:30:00Z" });
    expect(refused("unbind_password_wrong", { tries_left: 3 })).toEqual({ kind: "password", triesLeft: 3 });
  });
  test("what is not special is said by its code alone", () => {
    expect(refused("device_offline")).toEqual({ kind: "other" });
    expect(refusalOf(null)).toBeNull();
  });
});
