// A walk past what is there with a link in a customer's LAN; `look(name)` is called at each place, when it has come to rest.
import { CLOUD } from "./cloud.mjs";
import {
  connectLink, giveLogin, linkCard, makeLink, openFromSite, operate, pasteLabel, secret, wizard, wizardAt, wizardDone,
} from "./cloudSteps.mjs";
import {
  addSite, button, chooseWay, deviceCard, field, giveAdmin, giveCompany, heading, openScan, showsHealth, unlock,
} from "./steps.mjs";
import { rest } from "./walk.mjs";

const SITE = "Harbour warehouse";
const BOX = "Box in the office";
const PASSWORD = "Harbour-2026";
const SEAL = "kite-Meadow-7194";

/** What every walk begins with: a company, a site, and ways to get back to it. */
async function begin(scene, person, see) {
  const { page, t } = person;
  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
  await addSite(person, SITE);
  const site = page.url();
  return {
    site,
    device: (state) => scene.simulator.devices[CLOUD[state]],
    look: async (name) => {
      await rest(page);
      await see(name);
    },
    openSite: async () => {
      await page.goto(site);
      await heading(page, SITE).waitFor();
    },
    closeDialog: async () => {
      const dialog = page.getByRole("dialog");
      await button(dialog, t("do.close")).click();
      await dialog.waitFor({ state: "hidden" });
    },
  };
}

/** Links, what they find, and the wizard with a device in each state. */
export async function walkWizard(scene, person, see) {
  const { page, t } = person;
  const { look, device, openSite } = await begin(scene, person, see);
  const { simulator } = scene;

  await pasteLabel(person, device("ready"));
  await wizardAt(person, "unknown");
  await wizard(person).getByText(t("addition.no_link_title")).waitFor();
  await look("wizard, no link");
  await openSite();
  await openFromSite(person, "links.title");
  await page.getByText(t("links.empty")).waitFor();
  await look("links, none");
  await button(page, t("links.add")).click();
  await page.getByRole("dialog").waitFor();
  await look("link dialog");
  await button(page.getByRole("dialog"), t("do.cancel")).click();
  const command = await makeLink(person, BOX);
  await page.getByRole("dialog").getByRole("img", { name: t("links.qr") }).waitFor();
  await look("link code");
  await button(page.getByRole("dialog"), t("do.done")).click();
  await linkCard(person, BOX).getByText(t("link_state.waiting"), { exact: true }).waitFor();
  await look("link, waiting");
  await scene.join(command);
  await linkCard(person, BOX).getByRole("link").waitFor({ timeout: 30_000 });
  await look("link, connected");

  await openSite();
  await openFromSite(person, "found.title");
  const list = page.getByRole("list", { name: t("found.title") });
  await list.getByRole("checkbox").nth(3).waitFor({ timeout: 30_000 });
  await look("found");
  for (const state of ["oldFirmware", "notActivated"]) await list.getByRole("checkbox", { name: new RegExp(device(state).serial) }).check();
  await button(page, t("scan.add", { count: 2 })).click();
  await page.getByRole("heading", { name: t("found.form_title", { count: 2 }) }).waitFor();
  await button(page, t("scan.add", { count: 2 })).click();
  await look("found, one password, not filled in");
  await page.getByText(t("found.way_each"), { exact: true }).click();
  await look("found, a password each");
  await secret(person, page, t("found.new_password_of", { serial: device("notActivated").serial })).fill(PASSWORD);
  await secret(person, page, t("found.password_of", { serial: device("oldFirmware").serial })).fill("Not-its-password1");
  await button(page, t("scan.add", { count: 2 })).click();
  await page.getByRole("heading", { name: t("found.over") }).waitFor({ timeout: 60_000 });
  await look("found, over");

  await openSite();
  await pasteLabel(person, device("fresh"));
  await wizardAt(person, "not_activated");
  await secret(person, wizard(person), t("addition.new_password")).fill("admin");
  await button(wizard(person), t("addition.activate")).click();
  await look("wizard, password");
  await secret(person, wizard(person), t("addition.new_password")).fill(PASSWORD);
  await button(wizard(person), t("addition.activate")).click();
  await wizardAt(person, "service_disabled");
  await look("wizard, code");
  await simulator.change(CLOUD.fresh, { service_registered: false });
  await button(wizard(person), t("do.random")).click();
  await button(wizard(person), t("addition.enable_service")).click();
  await wizardAt(person, "waiting_for_registration");
  await look("wizard, registering");
  await simulator.change(CLOUD.fresh, { service_registered: true });
  await wizardAt(person, "added");
  await look("wizard, added");
  await openSite();
  await pasteLabel(person, device("fresh"));
  await wizardAt(person, "on_this_site");
  await look("wizard, on this site");

  await openSite();
  await pasteLabel(person, device("wrongLabel"));
  await wizardAt(person, "login_needed");
  await look("wizard, login");
  await giveLogin(person, "Not-its-password1");
  await wizardAt(person, "login_refused");
  await look("wizard, login refused");
  await giveLogin(person, device("wrongLabel").password);
  await wizardAt(person, "wrong_verification_code");
  await look("wizard, wrong code");
  await openSite();
  await page.getByRole("heading", { name: t("addition.open") }).waitFor();
  await look("site, with open additions");

  await openSite();
  await pasteLabel(person, device("oldRecorder"));
  await wizardAt(person, "someone_elses");
  await look("wizard, service centre");
  await openSite();
  await pasteLabel(person, device("boundElsewhere"));
  await wizardAt(person, "someone_elses");
  await look("wizard, someone else's");
  await wizard(person).getByRole("link", { name: t("unbind.start") }).click();
  await page.getByRole("img", { name: t("captcha.alt") }).waitFor();
  await button(page, t("unbind.submit")).click();
  await look("unbind, not filled in");
  await secret(person, page, t("unbind.password")).fill(device("boundElsewhere").password);
  await field(page, t("captcha.label")).fill("ZZZZZZ");
  await button(page, t("unbind.submit")).click();
  await page.getByText(t("errors.captcha_wrong")).waitFor();
  await look("unbind, wrong letters");
  await button(page, t("captcha.use_work")).click();
  await page.getByText(t("captcha.work_done")).waitFor({ timeout: 60_000 });
  await look("unbind, work done");
  await button(page, t("unbind.submit")).click();
  await page.getByText(t("unbind.freed"), { exact: true }).waitFor();
  await look("unbind, free");

  await simulator.change(CLOUD.ready, { power: false });
  await openSite();
  await openFromSite(person, "found.title");
  await page.getByRole("listitem").filter({ hasText: device("ready").serial }).getByText(t("add_state.offline"), { exact: true }).waitFor({ timeout: 60_000 });
  await openSite();
  await pasteLabel(person, device("ready"));
  await wizardAt(person, "offline");
  await look("wizard, offline");
}

/** What one does with devices behind a link, their codes, and a link that is cut. */
export async function walkOperations(scene, person, see) {
  const { page, t } = person;
  const { look, openSite, closeDialog } = await begin(scene, person, see);
  const { simulator } = scene;
  const link = await connectLink(scene, person, SITE, BOX);
  const [device, other] = simulator.devices;
  for (const one of [device, other]) {
    await openSite();
    await pasteLabel(person, one);
    await wizardAt(person, "login_needed");
    await giveLogin(person, one.password);
    await wizardDone(person);
  }
  await page.getByRole("button", { name: t("sites.actions") }).click();
  await page.getByRole("menuitem").first().waitFor();
  await look("site, menu with links");
  await page.keyboard.press("Escape");
  await openFromSite(person, "links.title");
  await button(page, t("links.actions", { name: BOX })).click();
  await page.getByRole("menuitem").first().waitFor();
  await look("link, menu");
  await page.getByRole("menuitem", { name: t("links.revoke") }).click();
  await page.getByRole("dialog").waitFor();
  await look("link, revoke");
  await closeDialog();

  await openSite();
  await showsHealth(person, device.name, "healthy");
  await deviceCard(person, device.name).getByRole("link", { name: device.name, exact: true }).click();
  await heading(page, device.name).waitFor();
  const own = page.url();
  await button(page, t("operation.menu")).click();
  await page.getByRole("menuitem").first().waitFor();
  await look("device, menu");
  await page.keyboard.press("Escape");
  await button(page, t("snapshot.take")).click();
  await page.locator("figure img").waitFor();
  await operate(person, "time");
  await page.getByRole("status").getByText("Europe/Berlin").waitFor();
  await look("device, snapshot and time");
  for (const entry of ["reboot", "move", "password", "delete"]) {
    await operate(person, entry);
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    if (entry === "password") {
      await dialog.getByText(t("password_change.way_own"), { exact: true }).click();
      await button(dialog, t("password_change.do")).click();
    }
    await look(`device, ${entry}`);
    await closeDialog();
  }
  await operate(person, "password");
  await button(page.getByRole("dialog"), t("password_change.do")).click();
  await page.getByRole("status").getByText(t("password_change.done", { at: "" }).split("(")[0]).waitFor({ timeout: 60_000 });
  await look("device, password changed");

  await openSite();
  await openFromSite(person, "sites.device_qr");
  const codes = page.getByRole("dialog", { name: t("operation.device_qr") });
  await button(codes, t("device_qr.make")).click();
  await look("device codes, not filled in");
  await secret(person, codes, t("device_qr.password")).fill(SEAL);
  await button(codes, t("device_qr.make")).click();
  await codes.locator("img.qr-picture").waitFor();
  await look("device codes, sealed");
  const address = await codes.locator("img.qr-picture").getAttribute("src");
  await closeDialog();
  await scanSealed(person, Buffer.from(address.split(",")[1], "base64"), look, openSite);

  await link.stop();
  await openSite();
  await page.getByText(t("links.cut_title", { names: BOX })).waitFor({ timeout: 90_000 });
  await look("site, link cut");
  await page.goto(own);
  await page.getByText(t("devices.via_link_cut", { link: BOX })).first().waitFor();
  await look("device, link cut");
  await page.goto("/company");
  await page.getByText(t("app_hint.form_title")).waitFor();
  await look("company, app");
  await page.goto("/log");
  await page.getByRole("table").waitFor();
  await look("log, with links");
}

async function scanSealed(person, picture, look, openSite) {
  const { t } = person;
  await openSite();
  const dialog = await openScan(person, "manual");
  await button(dialog, t("do.next")).click();
  await look("scan, by hand, not filled in");
  await chooseWay(person, "picture");
  await dialog.locator(`input[type=file][aria-label="${t("scan.choose_file")}"]`).setInputFiles({ name: "sealed.png", mimeType: "image/png", buffer: picture });
  await dialog.getByText(t("scan.sealed_title")).waitFor();
  await unlock(person, "kite-Meadow-7195");
  await dialog.getByRole("alert").waitFor();
  await look("scan, sealed");
  await unlock(person, SEAL);
  await dialog.getByRole("heading", { name: t("scan.rows_title") }).waitFor();
  await look("scan, sealed, list");
}
