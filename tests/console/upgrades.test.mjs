// A firmware file is uploaded and described, a camera is upgraded with it from its page, and the page of the upgrade tells how it goes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

const QUICK = {
  SITEWARD__POLLING__PERIOD_SECONDS: "1",
  SITEWARD__UPGRADES__WATCH_SECONDS: "1",
  SITEWARD__UPGRADES__SETTLE_SECONDS: "5",
};
const NEW = "V9.1.0 build 270101";

describe("firmware is uploaded and installed, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.34.1"], ["ru", "127.40.35.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--profile", "camera", "--devices", "1", "--first", first, "--reboot-ms", "800"], QUICK);
      await scene.simulator.change(0, { upgrade: { writes_ms: 15_000 } });
      await accessibleWalk(scene, language, 7, (person, look) => walk(scene, person, look));
    });
  }
});

/** A file as simulated devices take it. */
function packageFor({ model, serial_number: serial }) {
  const language = /20\d{6}[A-Z]{2}([A-Z]{2})/.exec(serial)[1];
  const head = `SIMULATED-FIRMWARE ${JSON.stringify({ models: [model], language, version: NEW })}\n`;
  return { name: "digicap.dav", mimeType: "application/octet-stream", buffer: Buffer.concat([Buffer.from(head), Buffer.alloc(2_000_000, 90)]) };
}

async function walk({ server, simulator }, person, look) {
  const { page, t } = person;
  const [camera] = simulator.devices;
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  await addByAddress(person, camera);
  await showsHealth(person, camera.name, "healthy");
  const address = await page.getByRole("link", { name: camera.name, exact: true }).getAttribute("href");

  await page.goto("/fleet");
  await page.getByRole("link", { name: camera.model, exact: true }).waitFor();
  await look("who runs what");
  await page.getByRole("link", { name: t("upgrades.catalogue") }).click();
  await heading(page, t("firmware_files.title")).waitFor();
  await look("an empty catalogue");
  await page.locator("input[type=file]").setInputFiles(packageFor(camera));
  const saying = page.getByRole("dialog", { name: "digicap.dav" });
  await saying.getByRole("textbox", { name: new RegExp(`^${t("firmware_files.models")}`) }).fill(camera.model);
  await saying.getByRole("textbox", { name: new RegExp(`^${t("firmware_files.version")}`) }).fill(NEW);
  await saying.getByRole("textbox", { name: new RegExp(`^${t("firmware_files.region")}`) }).fill("WR");
  await look("what a file is for");
  await button(saying, t("do.save")).click();
  await page.getByText(NEW, { exact: true }).waitFor();
  await look("a catalogue with a file");

  await page.goto(address);
  await button(page, t("upgrades.start_firmware")).click();
  const planning = page.getByRole("dialog", { name: t("upgrades.start_firmware") });
  await planning.getByText(`→ ${NEW}`).waitFor();
  await look("an upgrade to begin");
  await button(planning, t("upgrades.begin", { count: 1 })).click();
  await page.getByText(t("upgrade_state.installing"), { exact: true }).waitFor({ timeout: 30_000 });
  await look("an upgrade under way");
  await page.getByText(t("upgrade_standing.ended"), { exact: true }).waitFor({ timeout: 120_000 });
  await page.getByText(t("upgrades.as_before"), { exact: true }).waitFor();
  assert.equal((await simulator.state(0)).firmware, NEW);

  await page.getByRole("link", { name: t("upgrades.title"), exact: true }).first().click();
  await page.getByRole("link", { name: t("upgrades.progress", { done: 1, all: 1 }) }).waitFor();
  await page.getByRole("listitem").getByText(`${NEW} · Harbour`, { exact: true }).waitFor();
  await look("the list of upgrades");

  await page.goto("/fleet");
  await page.getByRole("listitem").filter({ hasText: camera.model }).getByText(NEW).waitFor();
}
