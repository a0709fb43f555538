// Device QR codes: sealed ones go from one site to another with their password; the maker's export warns, and new passwords follow.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { openLan } from "./support/cloud.mjs";
import { connectLink, openFromSite, operate, secret } from "./support/cloudSteps.mjs";
import { exportOf, freeDevicePort, openWindow, QR_PASSWORD, showFailure } from "./support/scene.mjs";
import { startSimulator } from "./support/programs.mjs";
import {
  addSite, button, deviceCard, giveAdmin, giveCompany, heading, openScan, pictureField, scanDialog, showsHealth,
  unlock,
} from "./support/steps.mjs";

const FIRST = "Harbour warehouse";
const SECOND = "Hotel Alster";
const PASSWORD = "Harbour-2026";
const SEAL = "kite-Meadow-7194";
const NAMES = ["Counter", "Back door"];

let lan;
let person;
let picture;
const sites = {};
before(async () => {
  lan = await openLan({ first: "127.41.1.1", seed: 42, lan: ["--devices", "2", "--profile", "camera", "--password", PASSWORD] });
  person = await openWindow(lan, { acceptDownloads: true });
  await giveCompany(person, lan.server.setupLink);
  await giveAdmin(person);
  for (const name of [SECOND, FIRST]) {
    await person.page.goto("/sites");
    await addSite(person, name);
    sites[name] = person.page.url();
    await connectLink(lan, person, name, `Box at ${name}`);
  }
});
after(() => lan?.end());
afterEach((context) => showFailure(context, person));

async function openSite(name) {
  await person.page.goto(sites[name]);
  await heading(person.page, name).waitFor();
}

test("two devices behind a link are found and added", async () => {
  const { page, t } = person;
  await openSite(FIRST);
  await openFromSite(person, "found.title");
  const list = page.getByRole("list", { name: t("found.title") });
  await list.getByRole("checkbox").nth(1).waitFor({ timeout: 30_000 });
  await page.getByRole("checkbox", { name: t("scan.select_all") }).check();
  await button(page, t("scan.add", { count: 2 })).click();
  await secret(person, page, t("devices.password")).fill(PASSWORD);
  for (const [index, { serial }] of lan.simulator.devices.entries()) {
    await page.getByRole("textbox", { name: t("found.name_of", { serial }) }).fill(NAMES[index]);
  }
  await button(page, t("scan.add", { count: 2 })).click();
  await page.getByRole("status").getByText(t("scan.added", { count: 2 })).waitFor({ timeout: 60_000 });
  await openSite(FIRST);
  for (const name of NAMES) await showsHealth(person, name, "healthy");
});

test("a sealed code of both is made and saved as a picture", async () => {
  const { page, t } = person;
  await openSite(FIRST);
  await openFromSite(person, "sites.device_qr");
  const dialog = page.getByRole("dialog", { name: t("operation.device_qr") });
  const password = secret(person, dialog, t("device_qr.password"));
  await password.fill("short");
  await button(dialog, t("device_qr.make")).click();
  await dialog.getByText(t("device_qr.strength_0")).waitFor();
  await password.fill(SEAL);
  await button(dialog, t("device_qr.make")).click();
  await dialog.getByText(t("device_qr.sealed_made", { n: 30 })).waitFor();
  const drawn = dialog.locator("img.qr-picture");
  assert.equal(await drawn.count(), 1);
  for (const name of NAMES) assert.ok((await drawn.getAttribute("alt")).includes(name));
  const saving = page.waitForEvent("download");
  await button(dialog, t("device_qr.save", { format: "PNG" })).click();
  const saved = await saving;
  picture = join(lan.folder, "sealed.png");
  await saved.saveAs(picture);
  assert.match(saved.suggestedFilename(), /^Harbour warehouse.*\.png$/);
  assert.equal((await readFile(picture)).subarray(1, 4).toString(), "PNG");
  await button(dialog, t("do.done")).click();
});

test("both are deleted from their site", async () => {
  const { page, t } = person;
  for (const name of NAMES) {
    await openSite(FIRST);
    await deviceCard(person, name).getByRole("link", { name, exact: true }).click();
    await heading(page, name).waitFor();
    await operate(person, "delete");
    await page.getByRole("dialog").getByText(t("devices.delete_text_cloud")).waitFor();
    await button(page.getByRole("dialog"), t("do.delete")).click();
    await heading(page, FIRST).waitFor();
  }
  await page.getByText(t("devices.empty")).waitFor();
});

test("on another site the picture opens with its password only, and adds them again", async () => {
  const { page, t } = person;
  await openSite(SECOND);
  const dialog = await openScan(person, "picture");
  await pictureField(person).setInputFiles(picture);
  await dialog.getByText(t("scan.sealed_title")).waitFor();
  await unlock(person, "kite-Meadow-7195");
  await dialog.getByRole("alert").getByText(t("errors.qr_sealed_wrong_password")).waitFor();
  await unlock(person, SEAL);
  await dialog.getByRole("heading", { name: t("scan.rows_title") }).waitFor();
  for (const { serial } of lan.simulator.devices) await dialog.getByText(serial).waitFor();
  assert.equal(await dialog.getByText(t("scan.weak_title")).count(), 0);
  await button(dialog, t("scan.add", { count: 2 })).click();
  await dialog.getByText(t("scan.added", { count: 2 })).waitFor({ timeout: 60_000 });
  assert.equal(await dialog.getByText(t("password_change.offer_title")).count(), 0);
  await button(dialog, t("do.done")).click();
  for (const name of NAMES) await showsHealth(person, name, "healthy");
  await deviceCard(person, NAMES[0]).getByText(t("devices.via_link", { link: `Box at ${SECOND}` })).waitFor();
});

test("an export of the maker's app warns that its picture is as good as the passwords, and new ones are set", async () => {
  const { page, t } = person;
  const first = "127.41.3.1";
  const devices = await startSimulator(["--devices", "2", "--profile", "camera", "--first", first, "--port", String(await freeDevicePort(first))]);
  try {
    const { picture: weak } = await exportOf(devices.devices, lan.folder);
    await openSite(FIRST);
    const dialog = await openScan(person, "picture");
    await pictureField(person).setInputFiles(weak);
    await unlock(person, QR_PASSWORD);
    await dialog.getByText(t("scan.weak_title")).waitFor();
    await button(dialog, t("scan.add", { count: 2 })).click();
    await dialog.getByText(t("scan.added", { count: 2 })).waitFor({ timeout: 60_000 });
    await dialog.getByText(t("password_change.offer_title")).waitFor();
    const [kept, changed] = devices.devices;
    await dialog.getByRole("checkbox", { name: kept.name }).uncheck();
    await button(dialog, t("password_change.offer_do", { count: 1 })).click();
    await dialog.getByText(t("password_change.line_done")).waitFor({ timeout: 60_000 });
    assert.equal((await devices.state(kept.index)).password, kept.password);
    assert.notEqual((await devices.state(changed.index)).password, changed.password);
    await button(dialog, t("do.done")).click();
    for (const { name } of devices.devices) await showsHealth(person, name, "healthy");
  } finally {
    await devices.stop();
  }
});

test("codes that protect nothing are made of devices with an address only, and after a warning only", async () => {
  const { page, t } = person;
  const open = async (name) => {
    await openSite(name);
    await openFromSite(person, "sites.device_qr");
    return page.getByRole("dialog", { name: t("operation.device_qr") });
  };
  // Behind a link there is no address that other programs could use.
  const behind = await open(SECOND);
  for (const kind of ["plain", "vendor"]) assert.equal(await behind.getByRole("radio", { name: t(`device_qr.kind_${kind}`) }).isDisabled(), true);

  const dialog = await open(FIRST);
  await dialog.getByRole("radio", { name: t("device_qr.kind_plain") }).check();
  await dialog.getByText(t("device_qr.weak_title")).waitFor();
  await button(dialog, t("device_qr.make")).click();
  await dialog.getByText(t("device_qr.confirm_needed")).waitFor();
  await dialog.getByRole("checkbox", { name: t("device_qr.confirm") }).check();
  await button(dialog, t("device_qr.make")).click();
  await dialog.getByText(t("device_qr.weak_made")).waitFor();
  await button(dialog, t("do.done")).click();
});

test("nothing broke the content policy or was logged as an error", () => assert.deepEqual(person.troubles, []));
