// Accessible too: alarm panels, their accounts, the managers of sites and proofs of exit; see support/accessible.mjs.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { openPanels } from "./support/panels.mjs";
import { walkPanels } from "./support/panelWalk.mjs";

// Both languages at once, each with its own panel and server.
describe("alarm panels and who may enter them are accessible, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.44.1.1"], ["ru", "127.44.2.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openPanels({ first });
      context.after(scene.end);
      await accessibleWalk(scene, language, 18, (person, look) => walkPanels(scene, person, look));
    });
  }
});
