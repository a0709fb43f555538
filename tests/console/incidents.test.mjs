// A router and a camera behind it: added, the router goes off, and one cause is told; on the page, and by the bell.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading, openAddByAddress, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

describe("one cause is told, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.16.1"], ["ru", "127.40.17.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--site", "routed", "--first", first]);
      await scene.simulator.change(0, { behind: [1] });
      await accessibleWalk(scene, language, 4, (person, look) => walk(scene, person, look));
    });
  }
});

async function walk({ server, simulator }, person, look) {
  const { page, t } = person;
  const [router, camera] = simulator.devices;
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  const field = (dialog, name) => dialog.getByRole("textbox", { name: new RegExp(`^${t(name)}`) });

  const dialog = await openAddByAddress(person);
  await dialog.getByText(t("kind.router"), { exact: true }).click();
  await field(dialog, "devices.name").fill(router.name);
  await field(dialog, "devices.host").fill(router.address);
  await field(dialog, "devices.port").fill(String(router.port));
  await look("a router to add");
  await button(dialog, t("do.add")).click();
  await showsHealth(person, router.name, "healthy");

  await addByAddress(person, camera);
  await showsHealth(person, camera.name, "healthy");

  await page.getByRole("link", { name: camera.name, exact: true }).click();
  const behind = page.getByRole("region", { name: t("parents.title") });
  await behind.getByText(t("parents.because_router")).waitFor();
  await look("what a camera hangs behind");

  await simulator.change(0, { power: false });
  await page.goto("/exceptions");
  await page.getByRole("link", { name: t("incidents.by_cause") }).click();
  await heading(page, t("incidents.title")).waitFor();
  const title = `${router.name}: ${t("exception_kind.device_offline")}`;
  const card = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: title }) });
  await card.waitFor({ timeout: 60_000 });
  await button(card, t("incidents.show")).click();
  await card.getByRole("link", { name: camera.name, exact: true }).waitFor();
  await look("a cause and what belongs to it");

  const bell = page.getByRole("button", { name: t("bell.unread", { count: 1 }) });
  await bell.waitFor({ timeout: 30_000 });
  await bell.click();
  await page.getByRole("dialog", { name: t("bell.title") }).getByText(title).waitFor();
  await look("the bell");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("bell.title"), exact: true }).waitFor();

  await simulator.change(0, { power: true });
  await page.getByText(t("exceptions.none_open"), { exact: true }).waitFor({ timeout: 60_000 });
}
