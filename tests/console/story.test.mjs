// From the set-up link to watched devices, as a person with a camera sees it.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { hold } from "./support/patience.mjs";
import { openScene, openWindow, PERSON, QR_PASSWORD, showFailure, withoutCamera } from "./support/scene.mjs";
import { callApi } from "./support/staffSteps.mjs";
import {
  addSite, button, deviceCard, devicesOf, field, giveAdmin, giveCompany, heading, openAddByAddress, openScan, scanDialog,
  showsHealth, signIn, signOut, unlock,
} from "./support/steps.mjs";

let scene;
let person;
before(async () => {
  scene = await openScene();
  person = await openWindow(scene);
});
after(() => scene?.end());
afterEach((context) => showFailure(context, person));

test("the set-up link makes the company and its admin", async () => {
  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
});

test("a first site is added", async () => {
  await addSite(person, "Harbour warehouse", "Pier 4, Hamburg");
  await person.page.getByText(person.t("devices.empty")).waitFor();
});

test("what changes before the page hears of changes is on it once it does", async () => {
  const { page, t } = person;
  const site = page.url();
  const path = `/sites/${site.split("/").pop()}`;
  const other = await openWindow(scene);
  await other.page.goto(site);
  await signIn(other, PERSON.password);
  await heading(other.page, "Harbour warehouse").waitFor();

  const release = await hold(page, "/api/v1/live");
  // This page asks for the name of its site once.
  await page.goto(`${site}/links`);
  const up = (name) => page.getByRole("link", { name, exact: true });
  await up("Harbour warehouse").waitFor();
  await page.getByText(t("links.empty")).waitFor();
  await callApi(person, "PATCH", path, { name: "Harbour warehouse, south" });
  // Whoever hears of changes has been told.
  await heading(other.page, "Harbour warehouse, south").waitFor();
  release();
  await up("Harbour warehouse, south").waitFor();
  await callApi(person, "PATCH", path, { name: "Harbour warehouse" });
  await up("Harbour warehouse").click();
  await heading(page, "Harbour warehouse").waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await other.context.close();
});

test("the buttons of the list stand still, however late the list comes", async () => {
  const { page, t } = person;
  const site = page.url();
  const release = await hold(page, "/api/v1/sites");
  await page.goto("/sites");
  await heading(page, t("sites.title")).waitFor();
  await page.getByRole("status", { name: t("app.loading") }).waitFor();
  const places = async () => {
    const buttons = await page.locator(".page-actions").getByRole("button").all();
    return Promise.all(buttons.map(async (one) => ({ name: await one.textContent(), ...await one.boundingBox() })));
  };
  const early = await places();
  release();
  await page.getByRole("link", { name: "Harbour warehouse", exact: true }).waitFor();
  const then = await places();
  assert.ok(then.some(({ name }) => name === t("sites.add")));
  for (const one of early) assert.deepEqual(then.find(({ name }) => name === one.name), one);
  await page.unrouteAll({ behavior: "wait" });
  await page.goto(site);
  await heading(page, "Harbour warehouse").waitFor();
});

test("the camera reads the export code, and a wrong password of the code is told", async () => {
  const { t } = person;
  const dialog = await openScan(person);
  await dialog.getByText(t("scan.password_title")).waitFor();
  await unlock(person, "not-the-password");
  await dialog.getByRole("alert").getByText(t("errors.qr_password_wrong")).waitFor();
});

test("the right password shows the list, and its ticked devices are added", async () => {
  const { t } = person;
  const dialog = scanDialog(person);
  await unlock(person, QR_PASSWORD);
  await dialog.getByRole("heading", { name: t("scan.rows_title") }).waitFor();
  const rows = dialog.locator("ul").getByRole("checkbox");
  assert.equal(await rows.count(), 12);

  const all = dialog.getByRole("checkbox", { name: t("scan.select_all") });
  await all.uncheck();
  await button(dialog, t("scan.add_none")).waitFor();
  assert.equal(await button(dialog, t("scan.add_none")).isDisabled(), true);
  await all.check();
  await button(dialog, t("scan.add", { count: 12 })).click();

  await dialog.getByRole("progressbar", { name: t("scan.progress_title") }).or(dialog.getByText(t("scan.result_title"))).first().waitFor();
  await dialog.getByText(t("scan.added", { count: 12 })).waitFor({ timeout: 60_000 });
  await button(dialog, t("do.done")).click();
  await dialog.waitFor({ state: "hidden" });
});

test("the site shows every device healthy, with model and firmware", async () => {
  const { page, t } = person;
  await devicesOf(person).getByRole("link").nth(11).waitFor();
  await page.locator(".page-head").getByText(`${t("health.healthy")}12`).waitFor({ timeout: 60_000 });
  for (const { name, model } of scene.simulator.devices) {
    await deviceCard(person, name).getByText(model).waitFor();
  }
});

test("a fault appears on the open page by itself, and goes when it is mended", async () => {
  const { page, t } = person;
  await page.evaluate(() => (window.notReloaded = true));
  const recorder = scene.simulator.devices.find(({ profile }) => profile === "nvr");
  await scene.simulator.change(recorder.index, { disk: "error" });
  const card = deviceCard(person, recorder.name);
  await showsHealth(person, recorder.name, "faulty");
  await card.getByText(t("exception_kind.disk_error")).waitFor();
  await page.locator(".page-head").getByText(`${t("health.faulty")}1`).waitFor();

  await scene.simulator.change(recorder.index, { disk: "ok" });
  await showsHealth(person, recorder.name, "healthy");
  await page.locator(".page-head").getByText(`${t("health.healthy")}12`).waitFor();
  assert.equal(await page.evaluate(() => window.notReloaded), true);
});

test("a recorder's page shows its channels, disks and facts", async () => {
  const { page, t } = person;
  const recorder = scene.simulator.devices.find(({ profile }) => profile === "nvr");
  await page.getByRole("link", { name: recorder.name, exact: true }).click();
  await heading(page, recorder.name).waitFor();
  const channels = page.getByRole("region", { name: t("fact.channels") });
  await channels.getByText(t("channel.online")).first().waitFor();
  assert.ok((await channels.getByRole("row").count()) > 4);
  await page.getByRole("region", { name: t("fact.disks") }).getByText(t("disk.ok"), { exact: true }).first().waitFor();
  const identity = page.getByRole("region", { name: t("fact.identity") });
  await identity.getByText(recorder.model).first().waitFor();
  await identity.getByText(recorder.serial).first().waitFor();
  await page.getByRole("region", { name: t("exceptions.of_device") }).getByText(t("exceptions.state_closed")).first().waitFor();
});

test("a device gets another name, and another is deleted", async () => {
  const { page, t } = person;
  const menu = async (entry) => {
    await button(page, t("operation.menu")).click();
    await page.getByRole("menuitem", { name: t(entry) }).click();
  };
  await menu("devices.edit");
  const dialog = page.getByRole("dialog", { name: t("devices.edit") });
  await field(dialog, t("devices.name")).fill("Recorder at the gate");
  await button(dialog, t("do.save")).click();
  await heading(page, "Recorder at the gate").waitFor();

  await page.getByRole("link", { name: "Harbour warehouse" }).click();
  await page.getByRole("link", { name: "Roof dome", exact: true }).click();
  await heading(page, "Roof dome").waitFor();
  await menu("devices.delete");
  await button(page.getByRole("dialog"), t("do.delete")).click();
  await heading(page, "Harbour warehouse").waitFor();
  await deviceCard(person, "Recorder at the gate").waitFor();
  await deviceCard(person, "Roof dome").waitFor({ state: "detached" });
  assert.equal(await devicesOf(person).getByRole("link").count(), 11);
});

test("a device is added by its address, once its password is right", async () => {
  const { page, t } = person;
  const dome = scene.simulator.devices.find(({ name }) => name === "Roof dome");
  // Else the camera may read the export before the other way is taken.
  await withoutCamera(person);
  await page.reload();
  const dialog = await openAddByAddress(person);
  await field(dialog, t("devices.name")).fill("Dome, by hand");
  await field(dialog, t("devices.host")).fill(dome.address);
  await field(dialog, t("devices.port")).fill(String(dome.port));
  const password = dialog.getByLabel(t("devices.password")).and(page.locator("input"));
  await password.fill("Not-its-password1");
  await button(dialog, t("do.add")).click();
  await dialog.getByRole("alert").getByText(t("errors.device_login_refused")).waitFor();
  await password.fill(dome.password);
  await button(dialog, t("do.add")).click();
  await dialog.waitFor({ state: "hidden" });
  await showsHealth(person, "Dome, by hand", "healthy");
});

test("one signs out, is told of a wrong password, and signs in again", async () => {
  const { page, t } = person;
  await signOut(person);
  await signIn(person, "Wrong-horse7");
  await page.getByRole("alert").getByText(t("errors.sign_in_refused")).waitFor();
  await signIn(person, PERSON.password);
  await page.getByRole("link", { name: "Harbour warehouse" }).waitFor();
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual(person.troubles, []);
});
