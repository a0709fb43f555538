// What one does with a device behind a link, and that all of it ends when the link is revoked.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { openLan } from "./support/cloud.mjs";
import { connectLink, giveLogin, linkCard, openFromSite, operate, pasteLabel, secret, wizardAt, wizardDone } from "./support/cloudSteps.mjs";
import { until } from "./support/patience.mjs";
import { openWindow, showFailure } from "./support/scene.mjs";
import { addSite, button, deviceCard, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";

const SITE = "Villa Brandt";
const OTHER = "Elbe Logistics";
const BOX = "Box in the cellar";
const OFFSET = 125;

let lan;
let person;
let site;
let device;
let devicePage;
before(async () => {
  lan = await openLan({ first: "127.41.2.1", seed: 43, lan: ["--devices", "1", "--profile", "nvr", "--reboot-ms", "12000"] });
  [device] = lan.simulator.devices;
  person = await openWindow(lan);
  await giveCompany(person, lan.server.setupLink);
  await giveAdmin(person);
  await addSite(person, OTHER);
  await person.page.goto("/sites");
  await addSite(person, SITE);
  site = person.page.url();
  await connectLink(lan, person, SITE, BOX);
});
after(() => lan?.end());
afterEach((context) => showFailure(context, person));

async function openDevice() {
  await person.page.goto(devicePage);
  await heading(person.page, device.name).waitFor();
}

test("a device is added by its label and its page is opened", async () => {
  const { page, t } = person;
  await pasteLabel(person, device);
  await wizardAt(person, "login_needed");
  await giveLogin(person, device.password);
  await wizardDone(person);
  await showsHealth(person, device.name, "healthy");
  await deviceCard(person, device.name).getByRole("link", { name: device.name, exact: true }).click();
  await heading(page, device.name).waitFor();
  devicePage = page.url();
  await page.getByText(t("devices.via_link", { link: BOX })).first().waitFor();
});

test("a snapshot is taken and seen", async () => {
  const { page, t } = person;
  await openDevice();
  await button(page, t("snapshot.take")).click();
  const shot = page.locator("figure img");
  await shot.waitFor();
  assert.ok(await shot.evaluate((image) => image.decode().then(() => image.naturalWidth)) > 100);
});

test("its time is set, and how far it was off is told", async () => {
  const { page, t } = person;
  await lan.simulator.change(0, { clock_offset_seconds: OFFSET });
  await openDevice();
  await operate(person, "time");
  const [told] = t("operation.time_done_offset", { zone: "Europe/Berlin", span: "|" }).split("|");
  await page.getByRole("status").getByText(told + t("span.minutes", { n: 2 })).waitFor();
  assert.ok(Math.abs((await lan.simulator.state(0)).clock_offset_seconds ?? 0) <= 2);
});

test("it is rebooted after a question", async () => {
  const { page, t } = person;
  await openDevice();
  await operate(person, "reboot");
  const dialog = page.getByRole("dialog", { name: t("operation.reboot_title", { name: device.name }) });
  await dialog.getByText(t("operation.reboot_text")).waitFor();
  await button(dialog, t("operation.reboot")).click();
  await page.getByText(t("operation.reboot_done")).waitFor();
  assert.equal((await lan.simulator.state(0)).rebooting, true);
  await page.goto(site);
  await showsHealth(person, device.name, "healthy");
});

test("its password is changed to a random one, and then to one of one's own", async () => {
  const { page, t } = person;
  const before = (await lan.simulator.state(0)).password;
  const done = async () => page.getByRole("status").getByText(t("password_change.done", { at: "" }).split("(")[0]).waitFor({ timeout: 60_000 });
  await openDevice();
  await operate(person, "password");
  let dialog = page.getByRole("dialog", { name: t("operation.password") });
  await button(dialog, t("password_change.do")).click();
  await dialog.waitFor({ state: "hidden" });
  await done();
  const random = (await lan.simulator.state(0)).password;
  assert.notEqual(random, before);

  await operate(person, "password");
  dialog = page.getByRole("dialog", { name: t("operation.password") });
  await dialog.getByText(t("password_change.way_own"), { exact: true }).click();
  const field = secret(person, dialog, t("addition.new_password"));
  await field.fill("admin-2026");
  await button(dialog, t("password_change.do")).click();
  assert.equal((await lan.simulator.state(0)).password, random);
  await field.fill("Harbour-2027");
  await button(dialog, t("password_change.do")).click();
  await dialog.waitFor({ state: "hidden" });
  await until("the device has the password", async () => (await lan.simulator.state(0)).password === "Harbour-2027");
  await done();
});

test("remote configuration opens the device's own pages at an address of their own, until it is closed", async () => {
  const { page, t, context } = person;
  await openDevice();
  const opening = context.waitForEvent("page");
  await operate(person, "remote_configuration");
  const own = await opening;
  await own.getByRole("button", { name: "Reboot" }).waitFor();
  const address = new URL(own.url());
  const { port } = new URL(lan.server.base);
  assert.match(address.host, new RegExp(`^[a-z2-7]{32}\\.localhost:${port}$`));
  assert.equal(address.search, "");
  await own.getByText(device.serial_number).waitFor();
  assert.ok(await own.locator("#picture").evaluate((image) => image.decode().then(() => image.naturalWidth)) > 0);
  await own.getByLabel("Device name").fill("Named by its own page");
  await own.getByRole("button", { name: "Save" }).click();
  await own.getByText("Saved.").waitFor();
  await page.getByText(t("operation.remote_opened", { n: 10 })).waitFor();
  const shown = await own.reload();
  assert.match((await shown.allHeaders())["content-security-policy"], /frame-ancestors 'self'/);
  const cookies = await context.cookies(address.origin);
  assert.deepEqual(cookies.map(({ domain, httpOnly, path }) => ({ domain, httpOnly, path })), [{ domain: address.hostname, httpOnly: true, path: "/" }]);
  // The address serves the device and nothing of the platform, and means nothing without its cookie.
  const asked = (path) => own.evaluate(async (path) => {
    const answer = await fetch(path);
    return { status: answer.status, type: answer.headers.get("content-type") };
  }, path);
  // Whatever the device makes of that path: it is the device that answers.
  assert.match((await asked("/api/v1/session")).type ?? "", /xml/);
  assert.deepEqual(await asked("/ISAPI/System/configurationData"), { status: 403, type: "text/html; charset=utf-8" });
  const stranger = await person.page.context().browser().newContext();
  const answer = await (await stranger.newPage()).goto(address.origin);
  assert.ok([401, 403, 404].includes(answer.status()), String(answer.status()));
  await stranger.close();

  await page.evaluate(async () => {
    const call = async (method, path, headers) => (await fetch(`/api/v1${path}`, { method, headers }));
    const { csrf_token } = await (await call("GET", "/session")).json();
    const { items } = await (await call("GET", "/remote_sessions")).json();
    if (items.length !== 1) throw new Error(`${items.length} sessions`);
    const closed = await call("DELETE", `/remote_sessions/${items[0].id}`, { "x-csrf-token": csrf_token });
    if (!closed.ok) throw new Error(`closing: ${closed.status}`);
  });
  const refused = await own.goto(address.origin);
  assert.ok(refused.status() >= 400 && refused.status() < 500, String(refused.status()));
  assert.equal(await own.getByText(device.serial_number).count(), 0);
  await own.close();
});

test("the log tells what was done by remote configuration, without a query", async () => {
  const { page, t } = person;
  await page.goto("/log");
  await page.getByRole("row").filter({ hasText: t("action.remote_write") }).first().waitFor();
  await page.getByRole("row").filter({ hasText: t("action.post_remote_sessions") }).first().waitFor();
});

test("it moves to another site with its history, and back", async () => {
  const { page, t } = person;
  for (const [from, to] of [[SITE, OTHER], [OTHER, SITE]]) {
    await openDevice();
    await operate(person, "move");
    const dialog = page.getByRole("dialog", { name: t("operation.move") });
    await dialog.getByText(t("operation.move_text", { site: from })).waitFor();
    await dialog.getByRole("combobox", { name: t("operation.move_to") }).or(dialog.getByRole("textbox", { name: t("operation.move_to") })).first().click();
    await page.getByRole("option", { name: to }).click();
    await button(dialog, t("operation.move_do")).click();
    await page.getByText(t("operation.moved", { site: to })).waitFor();
  }
});

test("once its link is revoked nothing is reached any more", async () => {
  const { page, t, context } = person;
  await openDevice();
  const opening = context.waitForEvent("page");
  await operate(person, "remote_configuration");
  const own = await opening;
  await own.getByText(device.serial_number).waitFor();

  await page.goto(site);
  await openFromSite(person, "links.title");
  await page.getByRole("button", { name: t("links.actions", { name: BOX }) }).click();
  await page.getByRole("menuitem", { name: t("links.revoke") }).click();
  await button(page.getByRole("dialog"), t("links.revoke")).click();
  await linkCard(person, BOX).waitFor({ state: "detached" });
  const answer = await own.reload();
  assert.ok(answer.status() >= 400, String(answer.status()));
  await own.close();

  await openDevice();
  await page.getByText(t("devices.via_link_cut", { link: BOX })).first().waitFor({ timeout: 30_000 });
  await button(page, t("snapshot.take")).click();
  await page.getByRole("alert").first().waitFor();
  assert.equal(await page.locator("figure img").count(), 0);
});

test("nothing broke the content policy or was logged as an error", () => {
  // A device's page that is gone answers with a 5xx, which the browser notes.
  const own = person.troubles.filter((text) => !/Failed to load resource.*status of 50/.test(text));
  assert.deepEqual(own, []);
});
