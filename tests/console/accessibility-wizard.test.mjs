// Accessible too: every state of the wizard, links and found devices; see support/accessible.mjs.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { openLan } from "./support/cloud.mjs";
import { walkWizard } from "./support/linkWalk.mjs";

// Both languages at once, each with its own LAN, link and server.
describe("every state of the wizard, links and found devices are accessible, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first, seed] of [["en", "127.42.0.1", 51], ["ru", "127.42.1.1", 52]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openLan({ first, seed });
      context.after(scene.end);
      await accessibleWalk(scene, language, 25, (person, look) => walkWizard(scene, person, look));
    });
  }
});
