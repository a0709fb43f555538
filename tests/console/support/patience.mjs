// Waiting for what no page shows, and having a page wait.
import assert from "node:assert/strict";

/** Waits until something holds, a minute at most. */
export async function until(what, holdsNow) {
  for (let turn = 0; turn < 600; turn += 1) {
    if (await holdsNow()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`not within a minute: ${what}`);
}

/** Keeps back what a page asks of an address, until what this gives is called. */
export async function hold(page, path) {
  let release;
  const released = new Promise((done) => { release = done; });
  await page.route(({ pathname }) => pathname === path, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}
