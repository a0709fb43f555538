// Companies come and go: an owner invites another one by mail and takes the site away; a company asks by the number of the site; rental
// pauses the owner's use; and a customer receives channels of a site that is not theirs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { promisify } from "node:util";
import { accessibleWalk } from "./support/accessible.mjs";
import { callMine, handOver, makeEndUser, OWNER, signInAsOwner } from "./support/mySteps.mjs";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { COMPANY, openScene, openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { callApi, setMailServer } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading, signIn } from "./support/steps.mjs";

const SITE = "Villa Brandt";
const OTHERS = "Nordlicht Alarm";
const RIVAL = { name: "Rika Thomsen", email: "rika@nordlicht.example", password: PERSON.password };
/** No invitation: an end of a link that is made up. */
const MADE_UP = "made-up-link";

let scene;
let postbox;
let admin;
let owner;
let rival;
let site;
let device;
before(async () => {
  postbox = await openPostbox();
  scene = await openScene({ first: "127.67.1.1", camera: false });
  admin = await openWindow(scene);
  owner = await openWindow(scene);
  rival = await openWindow(scene);
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  await setMailServer(admin, postbox);
  await makeEndUser(scene.server, OWNER);
  await makeCompany();
  await signInAsOwner(owner);
  await admin.page.goto("/sites");
  await addSite(admin, SITE, "Elbchaussee 341");
  site = admin.page.url().split("/").pop();
  const [{ name, address: host, port, user: user_name, password }] = scene.simulator.devices;
  device = (await callApi(admin, "POST", `/sites/${site}/devices`, { name, host, port, user_name, password })).id;
  await handOver(admin, owner, site, { site: true, devices: [] });
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach(async (context) => {
  await showFailure(context, admin);
  await showFailure({ name: `${context.name} (owner)`, passed: context.passed }, owner);
  await showFailure({ name: `${context.name} (rival)`, passed: context.passed }, rival);
});

/** Another company with an Admin, whose password is that of the first one. */
async function makeCompany() {
  const id = crypto.randomUUID();
  const sql = `INSERT INTO companies (id, name, region, public_url, created_at)
      SELECT '${id}', '${OTHERS}', 'DE', public_url, created_at + 1 FROM companies WHERE keeps_site IS NULL LIMIT 1;
    INSERT INTO staff (id, company_id, name, email, email_lower, password_hash, is_admin, disabled, created_at, language, time_zone, search)
      SELECT '${crypto.randomUUID()}', '${id}', '${RIVAL.name}', '${RIVAL.email}', '${RIVAL.email}', password_hash, 1, 0, created_at, 'en', time_zone, ''
      FROM staff WHERE is_admin LIMIT 1;`;
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", "-cmd", "PRAGMA foreign_keys = ON;", join(scene.server.data, "siteward.db"), sql]);
}

const company = ({ page, t }) => page.getByRole("region", { name: t("my_company.title"), exact: true });
const customer = ({ page, t }) => page.getByRole("region", { name: t("custody.title"), exact: true });
const isGone = async (person) => {
  await assert.rejects(callApi(person, "GET", `/sites/${site}`), /404/);
  await assert.rejects(callApi(person, "GET", `/devices/${device}`), /404/);
};
/** The owner allows all of what waits. */
async function allow() {
  const { page, t } = owner;
  await page.getByRole("region", { name: t("my_grants.requests"), exact: true }).getByRole("button", { name: t("my_grants.answer") }).click();
  const dialog = page.getByRole("dialog");
  await button(dialog, t("my_grants.allow")).click();
  await dialog.waitFor({ state: "hidden" });
}

test("an owner invites a company by mail, which sees what it may do before it accepts, and the one before is out", async () => {
  const { page, t } = owner;
  await page.goto(`/my/sites/${site}`);
  await button(company(owner), t("my_company.invite")).click();
  const dialog = page.getByRole("dialog", { name: t("my_company.invite_title", { site: SITE }) });
  await dialog.getByText(t("my_company.invite_instead", { company: COMPANY })).waitFor();
  await field(dialog, t("my_company.email")).fill("office@nordlicht.example");
  await field(dialog, t("handover.remark")).fill("The gate camera needs care");
  await button(dialog, t("my_company.invite_do")).click();
  await company(owner).getByText(t("my_company.invited_to", { email: "office@nordlicht.example" })).waitFor();
  const link = linkIn(await postbox.mailTo("office@nordlicht.example"), "/serve/");
  await rival.page.goto(link);
  await signIn(rival, RIVAL.password, RIVAL.email);
  await rival.page.getByText(rival.t("serve.offer", { owner: OWNER.name, site: SITE })).waitFor();
  await rival.page.getByText("The gate camera needs care").waitFor();
  await rival.page.getByText(rival.t("serve.allowed", { what: rival.t("handover.asks_site") })).waitFor();
  await button(rival.page, rival.t("serve.accept")).click();
  await heading(rival.page, SITE).waitFor();
  await company(owner).getByText(t("my.served_by", { company: OTHERS })).waitFor();
  await isGone(admin);
  await postbox.mailTo(PERSON.email);
  await rival.page.goto(link);
  await rival.page.getByText(rival.t("serve.gone")).waitFor();
});

test("an owner takes the site away, and it is gone for the company and still watched for the owner", async () => {
  const { page, t } = owner;
  await button(company(owner), t("my_company.take_away")).click();
  await button(page.getByRole("dialog"), t("my_company.take_away")).click();
  await company(owner).getByText(t("my.served_by_nobody")).first().waitFor();
  await isGone(rival);
  await rival.page.goto(`/sites/${site}`);
  await rival.page.getByText(rival.t("sites.gone")).waitFor();
  await page.getByText(t("health.healthy"), { exact: true }).first().waitFor();
});

test("a company asks by the number that the owner reads out, and has the site when the owner allows it", async () => {
  const { t } = admin;
  const number = (await company(owner).locator("code").textContent()).trim();
  assert.equal(number, site);
  await admin.page.goto("/sites");
  await button(admin.page, t("serve.add_existing")).click();
  const dialog = admin.page.getByRole("dialog", { name: t("serve.ask_title") });
  await field(dialog, t("serve.number")).fill("01890f00-0000-7000-8000-000000000001");
  await button(dialog, t("serve.ask_do")).click();
  await dialog.getByText(t("serve.number_unknown")).waitFor();
  await field(dialog, t("serve.number")).fill(number);
  await button(dialog, t("serve.ask_do")).click();
  await admin.page.getByRole("region", { name: t("serve.waiting"), exact: true }).getByText(SITE).waitFor();
  await isGone(admin);
  await allow();
  await company(owner).getByText(owner.t("my.served_by", { company: COMPANY })).waitFor();
  await admin.page.getByRole("link", { name: SITE, exact: true }).click();
  await heading(admin.page, SITE).waitFor();
});

test("the owner's use is paused only after they agreed to rental, and stands still until it is resumed", async () => {
  const { page, t } = admin;
  await button(customer(admin), t("custody.ask")).click();
  const dialog = page.getByRole("dialog", { name: t("custody.ask_title", { site: SITE }) });
  await button(dialog, t("custody.ask_do")).click();
  await customer(admin).getByText(t("custody.rental_asked")).waitFor();
  await allow();
  await customer(admin).getByText(t("custody.rental_agreed")).waitFor();
  await button(customer(admin), t("custody.pause")).click();
  await button(page.getByRole("dialog"), t("custody.pause")).click();
  await owner.page.getByText(owner.t("my.suspended_title")).waitFor();
  await assert.rejects(callMine(owner, "GET", `/my/devices/${device}`), /404/);
  await button(customer(admin), t("custody.resume")).click();
  await button(page.getByRole("dialog"), t("custody.resume")).click();
  await owner.page.getByText(owner.t("health.healthy"), { exact: true }).first().waitFor();
});

test("a customer receives channels, names them for themself, and gives them up", async () => {
  const { page, t } = owner;
  await admin.page.goto("/sites");
  await addSite(admin, "Offices");
  const offices = admin.page.url().split("/").pop();
  const { name, address: host, port, user: user_name, password } = scene.simulator.devices[1];
  const shared = await callApi(admin, "POST", `/sites/${offices}/devices`, { name, host, port, user_name, password });
  const channels = [{ device_id: shared.id, channel: 1, permissions: ["playback"] }];
  const invited = await callApi(admin, "POST", `/sites/${offices}/handovers`, { email: OWNER.email, language: "en", channels });
  await callMine(owner, "POST", `/my/handovers/${invited.id}/accept`, {});
  await page.goto("/my/shared");
  const share = page.getByRole("article", { name: "Offices", exact: true });
  await share.getByText(`${t("share_permission.live_view")}, ${t("share_permission.playback")}`).waitFor();
  await button(share, `${t("my_shares.rename")}: Offices`).click();
  await field(page.getByRole("dialog"), t("my_shares.name")).fill("Father's office");
  await button(page.getByRole("dialog"), t("do.save")).click();
  await page.getByRole("article", { name: "Father's office", exact: true }).waitFor();
  await admin.page.reload();
  await customer(admin).getByText(OWNER.email).waitFor();
  await button(customer(admin), `${admin.t("custody.remove_share")}: ${OWNER.name}`).click();
  await button(admin.page.getByRole("dialog"), admin.t("custody.remove_share")).click();
  await customer(admin).waitFor({ state: "hidden" });
  await page.reload();
  await heading(page, t("my_shares.title")).waitFor();
  assert.equal(await page.getByRole("article").count(), 0);
  assert.deepEqual([...admin.troubles, ...owner.troubles], []);
});

for (const language of ["en", "ru"]) {
  test(`everything about companies is for everybody, in ${language}`, async () => {
    const sql = `UPDATE end_users SET language = '${language}'; UPDATE staff SET language = '${language}';`;
    await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", join(scene.server.data, "siteward.db"), sql]);
    await accessibleWalk(scene, language, 5, async (person, look) => {
      const { page, t } = person;
      await page.goto(`/serve/${MADE_UP}`);
      await signIn(person);
      await page.getByText(t("serve.gone")).waitFor();
      await look("a dead invitation");
      await page.goto(`/sites/${site}`);
      await customer(person).getByText(t("custody.rental_agreed")).waitFor();
      await look("customer");
      await page.goto("/sites");
      await button(page, t("serve.add_existing")).click();
      await look("asking for a site");
      await signInAsOwner(person);
      await page.goto(`/my/sites/${site}`);
      await company(person).getByText(t("my.served_by", { company: COMPANY })).waitFor();
      await look("company");
      await button(company(person), t("my_company.invite")).click();
      await look("inviting a company");
    });
  });
}
