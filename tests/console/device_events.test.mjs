// What a camera tells by itself appears on its page while one looks at it; what to enter in it so that it pushes is shown, and works.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

describe("what a device tells is seen, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.30.1"], ["ru", "127.40.31.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--devices", "1", "--profile", "camera", "--first", first], { SITEWARD__POLLING__PERIOD_SECONDS: "1" });
      await accessibleWalk(scene, language, 3, (person, look) => walk(scene, person, look));
    });
  }
});

async function walk({ server, simulator }, person, look) {
  const { page, t } = person;
  const [camera] = simulator.devices;
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  await addByAddress(person, camera);
  await showsHealth(person, camera.name, "healthy");
  await page.getByRole("link", { name: camera.name, exact: true }).click();
  await heading(page, camera.name).waitFor();

  const told = page.getByRole("region", { name: t("device_events.title") });
  await told.getByText(t("device_events.stream_open")).waitFor({ timeout: 30_000 });
  await told.getByText(t("device_events.none"), { exact: true }).waitFor();
  const row = (kind, channel) => told.getByRole("listitem").filter({ hasText: `${t(`device_event_kind.${kind}`)}, ${t("device_events.channel", { number: channel })}` });
  await simulator.change(0, { event: [{ word: "VMD", channel: 1 }, { word: "linedetection", channel: 1 }, { word: "linedetection", channel: 1, active: false }] });
  await row("motion", 1).waitFor({ timeout: 30_000 });
  await row("line_crossing", 1).waitFor({ timeout: 30_000 });
  await simulator.change(0, { event: [{ word: "VMD", channel: 1, active: false }, { word: "weatherStation", channel: 2 }] });
  await told.getByText("weatherStation").waitFor({ timeout: 30_000 });
  await look("what a device told");

  await told.getByRole("combobox", { name: t("device_events.only") }).selectOption("motion");
  await row("line_crossing", 1).waitFor({ state: "detached" });
  await row("motion", 1).waitFor();
  await told.getByRole("combobox", { name: t("device_events.only") }).selectOption("");

  await button(told, t("device_events.push")).click();
  const settings = page.getByRole("dialog", { name: t("device_events.settings_title") });
  await settings.waitFor();
  const given = await settings.locator("code").allTextContents();
  assert.equal(given.length, 4, `protocol, host, port and path: ${given}`);
  const [protocol, host, port, path] = given;
  await look("what to enter in the device");
  await button(settings, t("do.done")).click();
  await told.getByText(t("device_events.not_pushed")).waitFor();
  assert.equal(protocol, "HTTP");
  // The device pushes to what it was given, and to nothing else.
  await simulator.change(0, { push_to: { to: `${host === "localhost" ? "127.0.0.1" : host}:${port}`, path }, event: [{ word: "shelteralarm", channel: 1 }] });
  await row("tamper", 1).waitFor({ timeout: 30_000 });
  const [pushed] = t("device_events.pushed", { at: "|" }).split("|");
  await told.getByText(pushed.trim()).waitFor();
  await button(told, t("device_events.stop")).click();
  const sure = page.getByRole("dialog", { name: t("device_events.stop_title") });
  await look("whether to push no more");
  await button(sure, t("device_events.stop")).click();
  await button(told, t("device_events.push")).waitFor();
}
