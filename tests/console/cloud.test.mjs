// Devices behind a customer's router: a link is connected, and the wizard leads a device of every state to the site.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { CLOUD, openLan } from "./support/cloud.mjs";
import {
  giveLogin, linkCard, makeLink, openFromSite, pasteLabel, secret, wizard, wizardAt, wizardDone,
} from "./support/cloudSteps.mjs";
import { until } from "./support/patience.mjs";
import { openWindow, showFailure } from "./support/scene.mjs";
import { addSite, button, deviceCard, field, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { rest } from "./support/walk.mjs";

const SITE = "Harbour warehouse";
const BOX = "Box in the office";
const NEW_PASSWORD = "Harbour-2026";

let lan;
let person;
let site;
before(async () => {
  lan = await openLan({ first: "127.41.0.1", seed: 41, film: CLOUD.fresh });
  person = await openWindow(lan);
  await giveCompany(person, lan.server.setupLink);
  await giveAdmin(person);
  await addSite(person, SITE);
  site = person.page.url();
});
after(() => lan?.end());
afterEach((context) => showFailure(context, person));

/** Wherever the test before has ended. */
async function openSite() {
  await person.page.goto(site);
  await heading(person.page, SITE).waitFor();
}

const device = (state) => lan.simulator.devices[CLOUD[state]];
const change = (state, what) => lan.simulator.change(CLOUD[state], what);

test("the shown command enrols a link, and the open page shows that it is connected", async () => {
  const { page, t } = person;
  await openFromSite(person, "links.title");
  await page.getByText(t("links.empty")).waitFor();
  const command = await makeLink(person, BOX);
  const shown = page.getByRole("dialog", { name: t("links.code_title") });
  await shown.getByRole("img", { name: t("links.qr") }).waitFor();
  await button(shown, t("do.done")).click();
  const card = linkCard(person, BOX);
  await card.getByText(t("link_state.waiting"), { exact: true }).waitFor();

  await page.evaluate(() => (window.notReloaded = true));
  await lan.join(command);
  await card.getByText(t("link_state.online"), { exact: true }).waitFor();
  await card.getByRole("link", { name: t("links.found", { count: 9 }) }).waitFor({ timeout: 30_000 });
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  await page.getByRole("link", { name: SITE }).click();
  await heading(page, SITE).waitFor();
});

test("the camera reads the label of a device fresh out of its box, and the wizard asks for a password by the device's rules", async () => {
  const { page, t } = person;
  const { serial } = device("fresh");
  await button(page, t("devices.scan")).click();
  await wizardAt(person, "not_activated");
  const dialog = wizard(person);
  await dialog.getByText(serial).waitFor();

  const password = secret(person, dialog, t("addition.new_password"));
  const met = async (rule) => (await dialog.getByRole("listitem").filter({ hasText: t(`device_rule.${rule}`) }).textContent()).endsWith(t("rule.met"));
  const rules = async () => ({ length: await met("length"), classes: await met("classes"), admin: await met("admin") });
  await password.fill("short");
  assert.deepEqual(await rules(), { length: false, classes: false, admin: true });
  await password.fill("myADMIN-2026");
  assert.deepEqual(await rules(), { length: true, classes: true, admin: false });
  await button(dialog, t("addition.activate")).click();
  await rest(page);
  await wizardAt(person, "not_activated");
  await password.fill(NEW_PASSWORD);
  assert.deepEqual(await rules(), { length: true, classes: true, admin: true });
  await button(dialog, t("addition.activate")).click();
});

test("its cloud service is off: a verification code is chosen, and the device is added", async () => {
  const { t } = person;
  await wizardAt(person, "service_disabled");
  const dialog = wizard(person);
  const code = secret(person, dialog, t("addition.new_code"));
  await code.fill("ABCDEF");
  await button(dialog, t("addition.enable_service")).click();
  await dialog.getByRole("listitem").filter({ hasText: `${t("code_rule.default")}: ${t("rule.unmet")}` }).waitFor();
  await button(dialog, t("do.random")).click();
  const random = await code.inputValue();
  assert.match(random, /^[A-Z]{6}$/);
  await code.fill("Harbour42");
  await button(dialog, t("addition.enable_service")).click();
  await wizardDone(person);
  const now = await lan.simulator.state(CLOUD.fresh);
  assert.deepEqual([now.activated, now.service_enabled, now.verification_code], [true, true, "Harbour42"]);
  const { model } = device("fresh");
  await person.page.getByRole("region", { name: t("devices.title") }).getByText(model).first().waitFor();
});

/** What the camera sees would be read before another way is chosen. */
async function takeCameraAway() {
  await person.context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no camera", "NotFoundError"));
  });
}

test("a device that is switched off: the wizard says what to look at, and goes on when it is on", async () => {
  const { page, t } = person;
  const { serial, password } = device("offline");
  await takeCameraAway();
  // Seen once by the link, then gone.
  await change("offline", { power: true });
  await openSite();
  await openFromSite(person, "found.title");
  const row = page.getByRole("listitem").filter({ hasText: serial });
  await row.waitFor({ timeout: 30_000 });
  await change("offline", { power: false });
  await row.getByText(t("add_state.offline"), { exact: true }).waitFor({ timeout: 60_000 });

  await openSite();
  // Without the list of found devices the wizard does not notice by itself: here the button is to do it.
  const list = (url) => /^\/api\/.*\/found$/.test(url.pathname);
  const held = (route) => route.fulfill({ json: { items: [] } });
  await page.route(list, held);
  await pasteLabel(person, device("offline"));
  await wizardAt(person, "offline");
  const dialog = wizard(person);
  const help = dialog.getByRole("list", { name: t("addition.help") });
  await help.getByText(t("help.power_poe")).waitFor();
  await help.getByText(t("help.cable")).waitFor();
  const looked = page.waitForResponse(/\/check$/);
  await button(dialog, t("addition.check_again")).click();
  await looked;
  await wizardAt(person, "offline");

  await change("offline", { power: true });
  const known = dialog.getByRole("heading", { name: t("add_title.login_needed") });
  // As a person does: once more, should it not have answered yet.
  await until("the device is there", async () => {
    if (await known.isVisible()) return true;
    await button(dialog, t("addition.check_again")).click({ timeout: 5_000 }).catch(() => undefined);
    return false;
  });
  await wizardAt(person, "login_needed");
  await page.unroute(list, held);
  await giveLogin(person, password);
  await wizardDone(person);
});

test("a wrong code on the label is told once the device is asked, and the right one leads on", async () => {
  const { t } = person;
  const { password, verification_code } = device("wrongLabel");
  await openSite();
  await pasteLabel(person, device("wrongLabel"));
  await wizardAt(person, "login_needed");
  await giveLogin(person, "Not-its-password1");
  await wizardAt(person, "login_refused");
  await giveLogin(person, password);
  await wizardAt(person, "wrong_verification_code");
  const dialog = wizard(person);
  await secret(person, dialog, t("addition.code")).fill(verification_code);
  await button(dialog, t("do.next")).click();
  await wizardDone(person);
});

test("a device of another account is unbound with its password: neither a wrong captcha nor a wrong password frees it", async () => {
  const { page, t } = person;
  const { serial, password } = device("boundElsewhere");
  await openSite();
  await pasteLabel(person, device("boundElsewhere"));
  await wizardAt(person, "someone_elses");
  await wizard(person).getByRole("link", { name: t("unbind.start") }).click();
  await heading(page, t("unbind.title")).waitFor();
  assert.equal(await field(page, t("devices.serial")).inputValue(), serial);

  const given = secret(person, page, t("unbind.password"));
  await given.fill(password);
  const picture = page.getByRole("img", { name: t("captcha.alt") });
  const before = await picture.getAttribute("src");
  await field(page, t("captcha.label")).fill("ZZZZZZ");
  await button(page, t("unbind.submit")).click();
  await page.getByText(t("errors.captcha_wrong")).waitFor();
  await page.waitForFunction(([alt, old]) => {
    const shown = document.querySelector(`img[alt="${alt}"]`);
    return shown && shown.getAttribute("src") !== old;
  }, [t("captcha.alt"), before]);
  assert.equal((await lan.simulator.state(CLOUD.boundElsewhere)).bound, true);

  await given.fill("Not-its-password1");
  await button(page, t("captcha.use_work")).click();
  await page.getByText(t("captcha.work_done")).waitFor({ timeout: 60_000 });
  await button(page, t("unbind.submit")).click();
  await page.getByRole("alert").getByText(t("errors.unbind_password_wrong_tries", { n: 4 })).waitFor();

  await given.fill(password);
  await page.getByText(t("captcha.work_done")).waitFor({ timeout: 60_000 });
  await button(page, t("unbind.submit")).click();
  await page.getByText(t("unbind.freed"), { exact: true }).waitFor();
  assert.equal((await lan.simulator.state(CLOUD.boundElsewhere)).bound, false);
  await page.getByRole("link", { name: t("unbind.go_on") }).click();
  await wizardAt(person, "login_needed");
  await giveLogin(person, password);
  await wizardDone(person);
});

/** What is sent to the service centre is on the screen, ready to copy. */
async function showsServiceCentre(scope, reason, serial) {
  const { t } = person;
  await scope.getByText(t(`service_centre.${reason}`)).waitFor();
  await scope.locator("code").getByText(serial, { exact: true }).waitFor();
  await scope.locator("code").getByText(t("service_centre.letter", { serial })).waitFor();
  assert.equal(await scope.getByRole("button", { name: t("do.copy") }).count(), 2);
}

test("a recorder of another account with firmware 3.x leads to the service centre, with the serial to copy", async () => {
  const { serial } = device("oldRecorder");
  await openSite();
  await pasteLabel(person, device("oldRecorder"));
  await wizardAt(person, "someone_elses");
  await showsServiceCentre(wizard(person), "firmware", serial);
  assert.equal(await wizard(person).getByRole("link", { name: person.t("unbind.start") }).count(), 0);
});

test("a device of the consumer service tells so when it is asked to unbind, and leads to the service centre", async () => {
  const { page, t } = person;
  const { serial, password } = device("ezviz");
  await openSite();
  await pasteLabel(person, device("ezviz"));
  await wizardAt(person, "someone_elses");
  await wizard(person).getByRole("link", { name: t("unbind.start") }).click();
  await secret(person, page, t("unbind.password")).fill(password);
  await button(page, t("captcha.use_work")).click();
  await page.getByText(t("captcha.work_done")).waitFor({ timeout: 60_000 });
  await button(page, t("unbind.submit")).click();
  await showsServiceCentre(page, "ezviz", serial);
});

test("found devices are ticked, given one password, and added in one go", async () => {
  const { page, t } = person;
  const wanted = ["ready", "notActivated", "oldFirmware"];
  for (const state of ["ready", "oldFirmware"]) await change(state, { password: NEW_PASSWORD });
  await openSite();
  await openFromSite(person, "found.title");
  const list = page.getByRole("list", { name: t("found.title") });
  for (const state of wanted) await list.getByRole("checkbox", { name: new RegExp(device(state).serial) }).check();
  await button(page, t("scan.add", { count: 3 })).click();
  await secret(person, page, t("found.password_mixed")).fill(NEW_PASSWORD);
  await page.getByRole("textbox", { name: t("found.name_of", { serial: device("notActivated").serial }) }).fill("Front desk");
  await button(page, t("scan.add", { count: 3 })).click();
  await page.getByRole("progressbar", { name: t("scan.progress_title") }).waitFor();
  await page.getByRole("heading", { name: t("found.over") }).waitFor({ timeout: 60_000 });
  await page.getByRole("status").getByText(t("scan.added", { count: 3 })).waitFor();
  assert.equal(await list.getByText(t("add_state.added"), { exact: true }).count(), 3);
  await page.getByRole("link", { name: t("unbind.to_site") }).click();
  await deviceCard(person, "Front desk").waitFor();
});

test("every added device is watched through the link, healthy", async () => {
  const { page, t } = person;
  await openSite();
  await showsHealth(person, "Front desk", "healthy");
  await page.locator(".page-head").getByText(`${t("health.healthy")}7`).waitFor({ timeout: 60_000 });
  await deviceCard(person, "Front desk").getByText(t("devices.via_link", { link: BOX })).waitFor();
});

test("nothing broke the content policy or was logged as an error", () => assert.deepEqual(person.troubles, []));
