// Staff, roles and one's own account × light, dark × en, ru × 390 and 1280 pixels are accessible; see support/accessible.mjs.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { openPostbox } from "./support/postbox.mjs";
import { openScene } from "./support/scene.mjs";
import { walkStaff } from "./support/staffWalk.mjs";

describe("every page about people is accessible, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.10.1"], ["ru", "127.40.11.1"]]) {
    test(`in ${language}`, async (context) => {
      const postbox = await openPostbox();
      context.after(postbox.close);
      const scene = await openScene({ first, camera: false });
      context.after(scene.end);
      await accessibleWalk(scene, language, 34, (person, look) => walkStaff(scene, person, look, postbox));
    });
  }
});
