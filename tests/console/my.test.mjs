// The owner's portal: what is mine, how it is, who gets in, and what they did.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { handOver, makeEndUser, OWNER, signInAsOwner } from "./support/mySteps.mjs";
import { siteward } from "./support/programs.mjs";
import { openScene, openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { callApi } from "./support/staffSteps.mjs";
import { addSite, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

const SITE = "Villa Brandt";

let scene;
let admin;
let owner;
let site;
let device;
before(async () => {
  scene = await openScene({ first: "127.66.1.1", camera: false });
  admin = await openWindow(scene);
  owner = await openWindow(scene);
});
after(() => scene?.end());
afterEach(async (context) => {
  await showFailure(context, admin);
  await showFailure({ ...context, name: `${context.name} owner`, passed: context.passed }, owner);
});

test("a customer who owns nothing yet is told how a site becomes theirs", async () => {
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  await makeEndUser(scene.server, OWNER);
  const { page, t } = owner;
  await page.goto("/my");
  await page.waitForURL("**/my/sign-in");
  await signInAsOwner(owner);
  await page.goto("/my");
  await heading(page, t("my.sites")).waitFor();
  await page.getByText(t("my.none_hint", { email: OWNER.email })).waitFor();
});

test("a site that is handed over appears by itself, with its devices and how they are", async () => {
  await addSite(admin, SITE, "Elbchaussee 341, Hamburg");
  site = admin.page.url().split("/").pop();
  for (const [index, name] of ["Driveway", "Garden"].entries()) {
    const { address: host, port, user: user_name, password } = scene.simulator.devices[index];
    const added = await callApi(admin, "POST", `/sites/${site}/devices`, { name, host, port, user_name, password });
    if (index === 0) device = added.id;
  }
  const seeing = { device_id: device, permission: "live_view", validity: "permanent" };
  await handOver(admin, owner, site, { site: true, devices: [seeing] });
  const { page, t } = owner;
  await page.getByRole("link", { name: SITE, exact: true }).click();
  await heading(page, SITE).waitFor();
  const driveway = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Driveway", exact: true }) });
  await driveway.getByText(t("health.healthy"), { exact: true }).waitFor();
  const who = page.getByRole("region", { name: t("my.who"), exact: true });
  await who.getByText(PERSON.name).waitFor();
  await who.getByText(t("my.why_admin")).waitFor();
  await driveway.getByRole("link", { name: "Driveway", exact: true }).click();
  await heading(page, "Driveway").waitFor();
  await page.getByRole("region", { name: t("my.about"), exact: true }).getByText(t("fact.model"), { exact: true }).waitFor();
  const shown = await page.locator("main").textContent();
  assert.ok(!shown.includes(scene.simulator.devices[0].address), "an owner is not shown how a device is reached");
});

test("what staff do appears in the access log while the owner looks on, and the file proves it", async () => {
  const { page, t } = owner;
  await page.goto(`/my/sites/${site}/log`);
  await page.getByText(t("access_action.site_accepted")).waitFor();
  await callApi(admin, "PATCH", `/sites/${site}`, { address: "Elbchaussee 343, Hamburg" });
  await page.getByText(t("action.patch_site")).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: t("my.log_download") }).click()]);
  const file = join(scene.folder, "access-log.jsonl");
  await download.saveAs(file);
  assert.match(await siteward(["log", "verify", file]), /unbroken/);
  await writeFile(file, "{}");
  await assert.rejects(siteward(["log", "verify", file]));
  assert.deepEqual(owner.troubles, []);
});

for (const language of ["en", "ru"]) {
  test(`the portal is accessible, in ${language}`, async () => {
    await accessibleWalk(scene, language, 4, async (person, look) => {
      const { page, t } = person;
      await signInAsOwner(person);
      // What language the account has, the page follows: the walk is in its own.
      await callLanguage(language);
      await page.goto("/my/sites");
      await page.getByRole("link", { name: SITE, exact: true }).waitFor();
      await look("my sites");
      await page.goto(`/my/sites/${site}`);
      await page.getByRole("region", { name: t("my.who"), exact: true }).waitFor();
      await page.getByText(t("health.healthy"), { exact: true }).first().waitFor();
      await look("my site");
      await page.goto(`/my/devices/${device}`);
      await heading(page, "Driveway").waitFor();
      await look("my device");
      await page.goto(`/my/sites/${site}/log`);
      await page.getByText(t("access_action.site_accepted")).waitFor();
      await look("my log");
    });
  });
}

function callLanguage(language) {
  const sql = `UPDATE end_users SET language = '${language}';`;
  return new Promise((done, fail) => {
    execFile("sqlite3", ["-cmd", ".timeout 5000", join(scene.server.data, "siteward.db"), sql], (error) => (error ? fail(error) : done()));
  });
}
