// Who manages a site: an installer sees exactly the sites given to them, and loses them while looking on.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { openBrowser } from "./support/browser.mjs";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { startServer } from "./support/programs.mjs";
import { openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { callApi, join, setMailServer } from "./support/staffSteps.mjs";
import { addSite, button, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

const IVAN = { name: "Ivan Petrov", email: "ivan@keller.example", password: "Correct-horse8" };
const SITES = ["Bakery Sommer", "Hotel Alster", "Villa Brandt"];

let scene;
let postbox;
let admin;
let ivan;
before(async () => {
  const [browser, server] = await Promise.all([openBrowser(), startServer()]);
  postbox = await openPostbox();
  scene = { browser, server };
  admin = await openWindow(scene);
  ivan = await openWindow(scene);
});
after(async () => {
  postbox?.close();
  await scene?.browser.close();
  await scene?.server.stop();
});
afterEach(async (context) => {
  await showFailure(context, admin);
  await showFailure({ ...context, name: `${context.name} ivan`, passed: context.passed }, ivan);
});

const managers = ({ page, t }) => page.getByRole("region", { name: t("managers.title") });
const siteCard = ({ page }, name) => page.getByRole("link", { name, exact: true });

/** Chooses somebody in the dialog of managers. */
async function choose({ page, t }, dialog, name) {
  await dialog.getByRole("combobox", { name: t("managers.add") }).or(dialog.getByRole("textbox", { name: t("managers.add") })).first().fill(name);
  await page.getByRole("option", { name: new RegExp(name) }).click();
  await button(dialog, t("managers.remove", { name })).waitFor();
}

/** A time as a date-time field takes it, minutes from now, on the clocks of Berlin. */
function inBerlin(minutes) {
  const text = new Date(Date.now() + minutes * 60_000).toLocaleString("sv-SE", { timeZone: "Europe/Berlin" });
  return text.slice(0, 16).replace(" ", "T");
}

test("an installer who joins has no site yet, and is told so", async () => {
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  for (const name of SITES) {
    await addSite(admin, name);
    await admin.page.goto("/sites");
  }
  await setMailServer(admin, postbox);
  const { items: roles } = await callApi(admin, "GET", "/roles");
  const role_id = (await callApi(admin, "POST", "/roles", { name: "Fitter", rights: ["manage_assigned_sites"] })).id;
  assert.ok(!roles.some(({ id }) => id === role_id));
  await callApi(admin, "POST", "/staff_invitations", { email: IVAN.email, name: IVAN.name, role_id, language: "en" });
  const mail = await postbox.mailTo(IVAN.email);
  await join(ivan, linkIn(mail, "/join/"), IVAN.password);
  await ivan.page.getByText(ivan.t("sites.none_assigned")).waitFor();
  assert.equal(await button(ivan.page, ivan.t("sites.add")).count(), 0);
});

test("the Admin gives them one site for some minutes, and exactly that appears to them by itself", async () => {
  const { page, t } = admin;
  await siteCard(admin, SITES[1]).click();
  await heading(page, SITES[1]).waitFor();
  await button(managers(admin), t("managers.set")).click();
  const dialog = page.getByRole("dialog", { name: t("managers.title_site", { site: SITES[1] }) });
  await choose(admin, dialog, IVAN.name);
  const until = dialog.getByLabel(t("managers.until_of", { name: IVAN.name }));
  await until.fill(inBerlin(-5));
  await button(dialog, t("do.save")).click();
  await dialog.getByText(t("managers.until_past")).waitFor();
  await until.fill(inBerlin(30));
  await button(dialog, t("do.save")).click();
  await dialog.waitFor({ state: "hidden" });
  await managers(admin).getByText(IVAN.name).waitFor();
  await managers(admin).getByText(/until .*\(Europe\/Berlin\)/).waitFor();

  await siteCard(ivan, SITES[1]).waitFor({ timeout: 30_000 });
  assert.equal(await ivan.page.getByRole("list", { name: ivan.t("sites.title") }).getByRole("listitem").count(), 1);
});

test("what the installer may not do is not offered to them", async () => {
  const { page, t } = ivan;
  await siteCard(ivan, SITES[1]).click();
  await heading(page, SITES[1]).waitFor();
  assert.equal(await managers(ivan).count(), 0);
  const navigation = page.getByRole("navigation", { name: t("nav.main") });
  for (const name of ["nav.exceptions", "nav.staff", "nav.log"]) assert.equal(await navigation.getByRole("link", { name: t(name) }).count(), 0, name);
  await page.goto("/panel-exits");
  await heading(page, t("needs.title")).waitFor();
});

test("when the site is taken away the installer's open page says so, and the list is empty again", async () => {
  const { page, t } = ivan;
  await page.goto("/sites");
  await siteCard(ivan, SITES[1]).click();
  await heading(page, SITES[1]).waitFor();
  await page.evaluate(() => (window.notReloaded = true));

  await button(managers(admin), admin.t("managers.set")).click();
  const dialog = admin.page.getByRole("dialog");
  await button(dialog, admin.t("managers.remove", { name: IVAN.name })).click();
  await button(dialog, admin.t("managers.remove_all")).click();
  await dialog.waitFor({ state: "hidden" });

  await page.getByText(t("sites.gone")).waitFor({ timeout: 30_000 });
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  await page.getByRole("main").getByRole("link", { name: t("nav.sites") }).click();
  await page.getByText(t("sites.none_assigned")).waitFor();
});

test("several sites get their managers at once, and who manages all sites anyway is left out with a word", async () => {
  const { page, t } = admin;
  await page.goto("/sites");
  await button(page, t("managers.assign")).click();
  for (const name of SITES.slice(0, 2)) await page.getByRole("checkbox", { name: new RegExp(name) }).check();
  await button(page, t("managers.choose")).click();
  const dialog = page.getByRole("dialog", { name: t("managers.title_sites", { count: 2 }) });
  await dialog.getByText(t("managers.replaces", { count: 2 })).waitFor();
  await choose(admin, dialog, IVAN.name);
  await choose(admin, dialog, "Anna Keller");
  await dialog.getByText(t("managers.idle_manages_all_sites")).waitFor();
  await button(dialog, t("do.save")).click();
  await page.getByRole("dialog").getByText(t("managers.ignored_text")).waitFor();
  await button(page.getByRole("dialog"), t("do.done")).click();
  await page.getByText(t("managers.saved_sites", { count: 2 })).waitFor();

  await siteCard(ivan, SITES[0]).waitFor({ timeout: 30_000 });
  await siteCard(ivan, SITES[1]).waitFor();
  assert.equal(await siteCard(ivan, SITES[2]).count(), 0);
});

test("an assignment that ends takes the site away at that instant", async () => {
  const { page, t } = ivan;
  const { items } = await callApi(admin, "GET", "/sites");
  const id = items.find(({ name }) => name === SITES[0]).id;
  const { items: staff } = await callApi(admin, "GET", `/staff?search=${encodeURIComponent(IVAN.name)}`);
  await siteCard(ivan, SITES[0]).click();
  await heading(page, SITES[0]).waitFor();
  const expires_at = new Date(Date.now() + 15_000).toISOString();
  await callApi(admin, "PUT", "/site_managers", { site_ids: [id], managers: [{ staff_id: staff[0].id, expires_at }] });
  await page.getByText(t("sites.gone")).waitFor({ timeout: 60_000 });
  assert.ok(Date.now() >= Date.parse(expires_at));
});

test("a role with all sites shows them all by itself, and lets people be chosen", async () => {
  const { page, t } = ivan;
  await page.goto("/sites");
  await siteCard(ivan, SITES[1]).waitFor();
  const { items } = await callApi(admin, "GET", `/staff?search=${encodeURIComponent(IVAN.name)}`);
  const { id: role_id } = await callApi(admin, "POST", "/roles", { name: "Planner", rights: ["manage_all_sites"] });
  await callApi(admin, "PATCH", `/staff/${items[0].id}`, { role_id });
  await siteCard(ivan, SITES[2]).click({ timeout: 30_000 });
  await button(managers(ivan), t("managers.set")).click();
  await choose(ivan, page.getByRole("dialog"), PERSON.name);
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual([...admin.troubles, ...ivan.troubles], []);
});
