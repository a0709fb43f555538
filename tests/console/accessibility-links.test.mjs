// Accessible too: operations, device codes and a link that is cut; see support/accessible.mjs.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { openLan } from "./support/cloud.mjs";
import { walkOperations } from "./support/linkWalk.mjs";

// Both languages at once, each with its own LAN, link and server.
describe("operations, device codes and a link that is cut are accessible, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first, seed] of [["en", "127.42.2.1", 51], ["ru", "127.42.3.1", 52]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openLan({ first, seed, lan: ["--devices", "2", "--profile", "camera"] });
      context.after(scene.end);
      await accessibleWalk(scene, language, 18, (person, look) => walkOperations(scene, person, look));
    });
  }
});
