// Every page and dialog × light, dark × en, ru × 390 and 1280 pixels: no violation of WCAG 2.2 A and AA that axe knows,
// and on the phone nothing to scroll sideways and nothing too small for a thumb.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { openScene, openWindow, PHONE, WIDE } from "./support/scene.mjs";
import { rest, walk } from "./support/walk.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], resultTypes: ["violations"], preload: false };
/** What is pressed is at least this high on a phone, in CSS pixels. */
const THUMB = 40;
/** So many findings are printed. */
const SHOWN = 40;

async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { violations } = await window.axe.run(document, rules);
    // What lies half under a foot that stays in view is scrolled forth and measured again.
    for (const found of violations.filter(({ id }) => id === "target-size")) {
      const still = [];
      for (const node of found.nodes) {
        const element = document.querySelector(node.target[0]);
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

/** What a phone does not show well: sideways scrolling, and buttons or menu entries too low to hit. */
async function phoneTroubles(page) {
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
      if (width > 0 && height > 0 && (height < thumb || width < thumb)) {
        const name = one.getAttribute("aria-label") ?? one.textContent;
        troubles.push(`“${name}” is ${Math.round(width)}×${Math.round(height)}`);
      }
    }
    return troubles;
  }, THUMB);
}

// Both languages at once, each with its own server and devices.
describe("every page is accessible, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.0.1"], ["ru", "127.40.1.1"]]) {
    test(`in ${language}`, (context) => everyPage(context, language, first));
  }
});

async function everyPage(context, language, first) {
  const scene = await openScene({ first, camera: false });
  context.after(scene.end);
  const person = await openWindow(scene, { language });
  const { page } = person;
  const found = [];
  const looks = new Set();
  const walking = walk(scene, person, async (name) => {
    looks.add(name);
    for (const size of [PHONE, WIDE]) {
      await page.setViewportSize(size);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
        await rest(page);
        const where = `${name}, ${size.width}, ${colorScheme}`;
        found.push(...(await violations(page)).map((text) => `${where}: ${text}`));
        if (size === PHONE && colorScheme === "light") {
          found.push(...(await phoneTroubles(page)).map((text) => `${where}: ${text}`));
        }
      }
    }
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
  });
  await walking.catch((error) => {
    throw new Error([error.message, ...found.slice(0, SHOWN)].join("\n"), { cause: error });
  });
  assert.ok(looks.size >= 25, `only ${looks.size} places were looked at`);
  assert.equal(found.length, 0, `${found.length} violations; the first of them:\n${found.slice(0, SHOWN).join("\n")}`);
}

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
