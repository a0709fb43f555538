// How soon what is taken back is off the page of who looked at it: both ends are read where they happen, not where the test stands.

/** Where a share is taken back, its pictures are off every page within so many milliseconds. */
export const AT_MOST = 1000;

/**
 * Waits until the page of a camera has looked a second time, as it does soon after it has opened: what it shows later it was told.
 */
export function settled(page) {
  return page.waitForFunction(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/channels")).length > 1);
}

/** Resolves with the instant at which nothing on the page fits `selector` any more; something has to fit when it begins. */
export function goneAt(page, selector) {
  return page.evaluate((selector) => new Promise((done, failed) => {
    const there = () => document.querySelector(selector) !== null;
    if (!there()) failed(new Error(`${selector} is not there`));
    const watching = new MutationObserver(() => {
      if (there()) return;
      watching.disconnect();
      done(Date.now());
    });
    watching.observe(document, { childList: true, subtree: true });
  }), selector);
}

/** Resolves with the instant at which the page has the answer to the next call of this method. */
export async function answeredAt(page, method) {
  const answer = await page.waitForResponse((answer) => answer.request().method() === method);
  await answer.finished();
  const { startTime, responseEnd, responseStart } = answer.request().timing();
  return startTime + Math.max(responseStart, responseEnd);
}
