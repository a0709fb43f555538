// Every page and dialog × light, dark × en, ru × 390 and 1280 pixels is accessible; see support/accessible.mjs. What is there only with a
// link in a customer's LAN is looked at in accessibility-links and accessibility-wizard.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessibleWalk, phoneTroubles, violations } from "./support/accessible.mjs";
import { openScene, openWindow, PHONE } from "./support/scene.mjs";
import { walk } from "./support/walk.mjs";

// Both languages at once, each with its own server and devices.
describe("every page is accessible, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.0.1"], ["ru", "127.40.1.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openScene({ first, camera: false });
      context.after(scene.end);
      await accessibleWalk(scene, language, 25, (person, look) => walk(scene, person, look));
    });
  }
});

test("a page that is not accessible would be noticed", async (context) => {
  const scene = await openScene({ camera: false });
  context.after(scene.end);
  const { page } = await openWindow(scene, { size: PHONE });
  await page.setContent("<html><body><img src='/icon.svg'><button style='width: 900px; height: 12px'>x</button></body></html>");
  const found = await violations(page);
  for (const rule of ["image-alt", "html-has-lang", "document-title"]) {
    assert.ok(found.some((text) => text.startsWith(rule)), `${rule} in ${found}`);
  }
  const troubles = await phoneTroubles(page);
  assert.ok(troubles.some((text) => text.includes("sideways")) && troubles.some((text) => text.includes("900×12")), String(troubles));
});
