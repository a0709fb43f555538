// A walk past every page, dialog and step of the console; `look(name)` is called at each, when it has come to rest.
import { COMPANY } from "./scene.mjs";
import {
  addSite, button, chooseWay, deviceCard, devicesOf, giveAdmin, giveCompany, heading, openAddByAddress, openScan, pasteCode,
  scanDialog, showsHealth, signIn, signOut, unlock,
} from "./steps.mjs";

/** Ends when nothing moves any more, save what turns for ever. */
export async function rest(page) {
  // Two frames, so that what a new size or state sets off has begun.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => document.getAnimations()
    .every((one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity));
}

export async function walk(scene, person, see) {
  const { page, t } = person;
  const look = async (name) => {
    await rest(page);
    await see(name);
  };
  const closeDialog = async () => {
    await page.getByRole("dialog").getByRole("button", { name: t("do.close") }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  };

  await page.goto(scene.server.setupLink);
  await heading(page, t("setup.title")).waitFor();
  await look("set-up, company");
  await button(page, t("do.next")).click();
  await page.getByText(t("form.required")).first().waitFor();
  await look("set-up, company, not filled in");
  await giveCompany(person, scene.server.setupLink);
  await look("set-up, admin");
  await giveAdmin(person);
  await look("sites, empty");
  await button(page, t("sites.add")).click();
  await page.getByRole("dialog").waitFor();
  await look("site dialog");
  await closeDialog();
  await addSite(person, "Harbour warehouse", "Pier 4, Hamburg");
  await page.getByText(t("devices.empty")).waitFor();
  await look("site, empty");

  await scanSteps(scene, person, look);
  await devicesOf(person).getByRole("link").nth(11).waitFor();
  await page.locator(".page-head").getByText(`${t("health.healthy")}12`).waitFor({ timeout: 60_000 });
  await look("site, healthy");
  const [camera, recorder, offline, refusing] = ["thermal", "nvr", "dome", "camera"]
    .map((wanted) => scene.simulator.devices.find(({ profile }) => profile === wanted));
  await deviceCard(person, camera.name).getByRole("link").click();
  await heading(page, camera.name).waitFor();
  await page.getByRole("region", { name: t("fact.channels") }).waitFor();
  await look("device, healthy");
  await page.goBack();
  await devicesOf(person).waitFor();
  await scene.simulator.change(recorder.index, { disk: "error", video_loss: [1], channel_offline: [2] });
  await scene.simulator.change(offline.index, { power: false });
  await scene.simulator.change(refusing.index, { password: "Changed-9" });
  await deviceCard(person, recorder.name).getByText(t("exception_kind.disk_error")).waitFor({ timeout: 60_000 });
  await showsHealth(person, offline.name, "offline");
  await showsHealth(person, refusing.name, "login_failed");
  await look("site, faulty");
  await button(page, t("sites.actions")).click();
  await page.getByRole("menuitem").first().waitFor();
  await look("site, menu");
  await page.keyboard.press("Escape");
  await openAddByAddress(person);
  await look("add a device by its address");
  await closeDialog();

  for (const [device, name] of [[recorder, "device, faulty"], [refusing, "device, login refused"]]) {
    await deviceCard(person, device.name).getByRole("link").click();
    await heading(page, device.name).waitFor();
    await page.getByRole("region", { name: t("exceptions.of_device") }).getByText(t("exceptions.state_open")).first().waitFor();
    await look(name);
    if (device === recorder) await editDialogs(person, look, closeDialog);
    await page.goBack();
    await devicesOf(person).waitFor();
  }

  await page.goto("/sites");
  await page.getByRole("link", { name: "Harbour warehouse" }).waitFor();
  await look("sites, filled");
  await page.goto("/exceptions");
  await page.getByRole("list", { name: t("exceptions.title") }).waitFor();
  await look("exceptions");
  await page.goto("/fleet");
  const groups = page.getByRole("list", { name: t("fleet.title") });
  await groups.waitFor();
  await look("firmware of the fleet");
  await groups.getByRole("link").first().click();
  await page.getByRole("list", { name: t("devices.title") }).waitFor();
  await look("devices that run the same");
  await page.goto("/log");
  await page.getByRole("table").waitFor();
  await look("log");
  await page.goto("/company");
  await page.getByRole("textbox", { name: t("company.name") }).and(page.locator(`[value="${COMPANY}"]`)).waitFor();
  await look("company");
  await page.getByRole("button", { name: t("nav.menu") }).click();
  await button(page, t("nav.sign_out")).waitFor();
  await look("account menu");
  await page.keyboard.press("Escape");
  await page.goto("/nowhere");
  await heading(page, t("app.not_found")).waitFor();
  await look("no such page");
  await signOut(person);
  await look("sign-in");
  await signIn(person, "Wrong-horse7");
  await page.getByRole("alert").waitFor();
  await look("sign-in, refused");
}

async function editDialogs({ page, t }, look, closeDialog) {
  for (const entry of ["devices.edit", "devices.delete"]) {
    await button(page, t("operation.menu")).click();
    await page.getByRole("menuitem", { name: t(entry) }).click();
    await page.getByRole("dialog").waitFor();
    await look(entry === "devices.edit" ? "edit a device" : "delete a device");
    await closeDialog();
  }
}

async function scanSteps(scene, person, look) {
  const { page, t } = person;
  const dialog = await openScan(person);
  await dialog.getByText(t("scan.camera_missing")).waitFor();
  await look("scan, camera");
  await chooseWay(person, "picture");
  await look("scan, picture");
  await chooseWay(person, "text");
  await pasteCode(person, "https://www.example.com/");
  await dialog.getByRole("alert").waitFor();
  await look("scan, text, refused");
  await pasteCode(person, scene.code.text);
  await dialog.getByText(t("scan.password_title")).waitFor();
  await unlock(person, "not-the-password");
  await dialog.getByRole("alert").waitFor();
  await look("scan, password");
  await unlock(person);
  await dialog.getByRole("heading", { name: t("scan.rows_title") }).waitFor();
  await look("scan, list");
  // The progress is held still by keeping its news away.
  const held = (route) => route.abort();
  const news = (url) => /\/api\/v1\/imports\/[^/]+(\/events)?$/.test(url.pathname);
  await page.route(news, held);
  await button(dialog, t("scan.add", { count: 12 })).click();
  await dialog.getByRole("heading", { name: t("scan.progress_title") }).waitFor();
  await look("scan, progress");
  await page.unroute(news, held);
  await dialog.getByText(t("scan.added", { count: 12 })).waitFor({ timeout: 60_000 });
  await look("scan, result");
  await button(scanDialog(person), t("do.done")).click();
  await dialog.waitFor({ state: "hidden" });
}
