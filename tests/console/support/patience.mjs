// Waiting for what no page shows.
import assert from "node:assert/strict";

/** Waits until something holds, a minute at most. */
export async function until(what, holdsNow) {
  for (let turn = 0; turn < 600; turn += 1) {
    if (await holdsNow()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`not within a minute: ${what}`);
}
