// A device is switched off and on, a site's devices together, and a rule of compatibility is written, previewed and saved.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

describe("what nobody watches says why, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.24.1"], ["ru", "127.40.25.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--site", "routed", "--first", first]);
      await accessibleWalk(scene, language, 7, (person, look) => walk(scene, person, look));
    });
  }
});

async function walk({ server, simulator }, person, look) {
  const { page, t } = person;
  const camera = simulator.devices[1];
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  await addByAddress(person, camera);
  await showsHealth(person, camera.name, "healthy");
  await page.getByRole("link", { name: camera.name, exact: true }).click();

  const panel = page.getByRole("region", { name: t("monitoring.title") });
  await panel.getByLabel(t("monitoring.watch")).click();
  let dialog = page.getByRole("dialog", { name: t("monitoring.off_ask", { name: camera.name }) });
  await dialog.getByText(t("monitoring.means_poll")).waitFor();
  await look("what it means to switch it off");
  await button(dialog, t("monitoring.switch_off")).click();
  await page.getByText(t("monitoring.off_title"), { exact: true }).waitFor();
  await look("a device that nobody watches");
  await button(page, t("monitoring.switch_on")).click();
  await page.getByText(t("monitoring.off_title"), { exact: true }).waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Harbour" }).first().click();
  await button(page, t("sites.actions")).click();
  await page.getByRole("menuitem", { name: t("monitoring.site_menu") }).click();
  dialog = page.getByRole("dialog", { name: t("monitoring.site_title") });
  await look("the devices of a site together");
  await button(dialog, t("monitoring.switch_off")).click();
  await dialog.getByText(t("monitoring.site_off", { count: 1 })).waitFor();
  await button(dialog, t("monitoring.switch_on")).click();
  await dialog.getByText(t("monitoring.site_on", { count: 1 })).waitFor();
  await dialog.getByRole("button", { name: t("do.close") }).last().click();

  await page.goto("/compatibility");
  await heading(page, t("compatibility.title")).waitFor();
  await page.getByRole("list", { name: t("compatibility.title") }).waitFor();
  await look("the rules of compatibility");
  await button(page, t("compatibility.add")).click();
  dialog = page.getByRole("dialog", { name: t("compatibility.add") });
  await dialog.getByLabel(t("compatibility.family")).selectOption("camera");
  await button(dialog, t("compatibility.take")).click();
  await dialog.getByText(t("compatibility.minimum_bad")).waitFor();
  await dialog.getByLabel(t("compatibility.minimum"), { exact: false }).fill("9.0");
  await look("a rule");
  await button(dialog, t("compatibility.take")).click();
  await button(page, t("compatibility.review")).click();
  dialog = page.getByRole("dialog", { name: t("compatibility.save_title") });
  await dialog.getByText(camera.name, { exact: true }).waitFor();
  await look("what a rule would change");
  await button(dialog, t("do.save")).click();
  await page.getByText(t("compatibility.unsaved"), { exact: true }).waitFor({ state: "detached" });

  await page.goto("/sites");
  await page.getByRole("link", { name: "Harbour" }).first().click();
  await page.getByText(t("monitoring.firmware_incompatible")).waitFor({ timeout: 30_000 });
  await page.getByRole("link", { name: camera.name, exact: true }).click();
  await page.getByText(t("monitoring.too_old_title"), { exact: true }).waitFor();
  await look("a device whose firmware is too old");
}
