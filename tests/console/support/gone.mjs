// How soon what is taken back is off the page of who looked at it: both ends are read where they happen, not where the test stands.

/** Where a share is taken back, its pictures are off every page within so many milliseconds. */
export const AT_MOST = 1000;

/** A page that has just opened looks again by itself within a second; what is told to it is heard apart from that only later. */
const SETTLED = 1500;

/** Waits until a page that has just opened asks for nothing by itself. */
export function settled(page) {
  return page.waitForTimeout(SETTLED);
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
