// The codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds), worked out by hand.
import { createHmac } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECONDS = 30;

/** The code of a secret (base32) now, or so many steps later. */
export function codeOf(secret, later = 0, now = Date.now()) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / SECONDS) + later));
  const digest = createHmac("sha1", bytesOf(secret)).update(step).digest();
  const place = digest[19] & 15;
  return String((digest.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function bytesOf(secret) {
  let bits = "";
  for (const letter of secret.toUpperCase().replaceAll(/[^A-Z2-7]/g, "")) bits += LETTERS.indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
