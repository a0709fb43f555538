// The server's clock: ages and count-downs must not depend on how this computer's clock is set.

/** The `Date` header counts whole seconds, and a server does not write it anew for every answer: so late it may be, in milliseconds. */
const LATE = 2_000;
let offset = 0;

/** The server's time in milliseconds. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** Learns from an answer to what was asked at `sent`, in milliseconds of this computer's clock: it was given some time between then and now. */
export function keepClock(answer: Response, sent: number): void {
  const at = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(at)) return;
  const [least, most] = [at - Date.now(), at + LATE - sent];
  // What may be right stays: a slow answer says little.
  if (offset < least || offset > most) offset = (least + most) / 2;
}
