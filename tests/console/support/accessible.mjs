// What is asked of every page: no violation of WCAG 2.2 A and AA that axe knows, and on a phone nothing to scroll sideways, nothing
// too small for a thumb, and no button whose text is cut off.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { openWindow, PHONE, WIDE } from "./scene.mjs";
import { rest } from "./walk.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], resultTypes: ["violations"], preload: false };
/** What is pressed is at least this high on a phone, in CSS pixels. */
const THUMB = 40;
/** With SITEWARD_WALK_PICTURES naming a folder: each place that is looked at is kept there as a picture, in both widths, light and dark. */
const PICTURES = process.env.SITEWARD_WALK_PICTURES;
/** So many findings are printed. */
const SHOWN = 40;

/** What axe finds on the page as it is now. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  // What was drawn anew while it was measured is measured again.
  for (;;) {
    const found = await measured(page);
    if (found) return found;
  }
}

/** What axe finds; null where the page changed under it. */
function measured(page) {
  return page.evaluate(async (rules) => {
    const { violations } = await window.axe.run(document, rules);
    // What lies half under a foot that stays in view is scrolled forth and measured again.
    for (const found of violations.filter(({ id }) => id === "target-size")) {
      const still = [];
      for (const node of found.nodes) {
        const element = document.querySelector(node.target[0]);
        if (!element) return null;
        element.scrollIntoView({ block: "center" });
        const again = await window.axe.run(element, { runOnly: { type: "rule", values: ["target-size"] }, preload: false });
        still.push(...again.violations.flatMap(({ nodes }) => nodes));
      }
      found.nodes = still;
    }
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => (
      `${id} at ${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`
    )));
  }, RULES);
}

/** What a phone does not show well: sideways scrolling, buttons or menu entries too low to hit or cut off. */
export async function phoneTroubles(page) {
  return page.evaluate((thumb) => {
    const troubles = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > window.innerWidth) troubles.push(`scrolls sideways: ${wide} > ${window.innerWidth}`);
    for (const one of document.querySelectorAll("dialog, [role=dialog], main")) {
      if (one.scrollWidth > one.clientWidth + 1) troubles.push(`${one.tagName} scrolls sideways: ${one.scrollWidth} > ${one.clientWidth}`);
    }
    const inDialog = document.querySelector("[role=dialog][aria-modal=true]");
    for (const one of (inDialog ?? document).querySelectorAll("button, nav a, [role=menuitem]")) {
      // Buttons inside a field (show the password, clear) may be smaller; axe still wants 24 pixels of them.
      if (one.closest("[data-position=right]")) continue;
      const { width, height } = one.getBoundingClientRect();
      // What is only for screen readers is a pixel wide.
      const cut = [one, ...one.querySelectorAll("*")].some((part) => (
        getComputedStyle(part).overflowX === "hidden" && part.clientWidth > 2 && part.scrollWidth > part.clientWidth + 1
      ));
      if (cut && width > 0) troubles.push(`“${one.textContent}” is cut off`);
      if (width > 0 && height > 0 && (height < thumb || width < thumb)) {
        const name = one.getAttribute("aria-label") ?? one.textContent;
        troubles.push(`“${name}” is ${Math.round(width)}×${Math.round(height)}`);
      }
    }
    return troubles;
  }, THUMB);
}

/**
 * Walks with a person of that language: `walk(person, look)` calls `look(name)` at each place, which is then measured wide and on a
 * phone, light and dark. At least `least` places have to be looked at.
 */
export async function accessibleWalk(scene, language, least, walk) {
  const person = await openWindow(scene, { language });
  const { page } = person;
  const found = [];
  const looks = new Set();
  const walking = walk(person, async (name) => {
    looks.add(name);
    for (const size of [PHONE, WIDE]) {
      await page.setViewportSize(size);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        // Pages that are opened from a mail have no console around them.
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}], html:not(:has(#root))`).waitFor();
        await rest(page);
        const where = `${name}, ${size.width}, ${colorScheme}`;
        found.push(...(await violations(page)).map((text) => `${where}: ${text}`));
        if (PICTURES) await page.screenshot({ path: `${PICTURES}/${where.replaceAll(/\W+/g, "-")}-${language}.png`, fullPage: true });
        if (size === PHONE && colorScheme === "light") {
          found.push(...(await phoneTroubles(page)).map((text) => `${where}: ${text}`));
        }
      }
    }
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
  });
  await walking.catch(async (error) => {
    const folder = process.env.SITEWARD_TEST_PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/walk-${language}.png` }).catch(() => undefined);
    throw new Error([error.message, error.stack, ...found.slice(0, SHOWN)].join("\n"), { cause: error });
  });
  assert.ok(looks.size >= least, `only ${looks.size} places were looked at`);
  assert.equal(found.length, 0, `${found.length} violations; the first of them:\n${found.slice(0, SHOWN).join("\n")}`);
}
