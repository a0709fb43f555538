// What an owner lets the company do: asked for in the console, allowed for an hour in the portal, used, and over an hour later;
// and taken back with the link in the mail about its first use.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { promisify } from "node:util";
import { accessibleWalk } from "./support/accessible.mjs";
import { callMine, handOver, makeEndUser, OWNER, signInAsOwner } from "./support/mySteps.mjs";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { openScene, openWindow, showFailure } from "./support/scene.mjs";
import { callApi, setMailServer } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

const SITE = "Villa Brandt";

let scene;
let postbox;
let anna;
let olga;
let site;
let device;
before(async () => {
  postbox = await openPostbox();
  scene = await openScene({ first: "127.40.60.1", camera: false });
  anna = await openWindow(scene);
  olga = await openWindow(scene);
  await giveCompany(anna, scene.server.setupLink);
  await giveAdmin(anna);
  await setMailServer(anna, postbox);
  await makeEndUser(scene.server, OWNER);
  await signInAsOwner(olga);
  await addSite(anna, SITE);
  site = anna.page.url().split("/").pop();
  const { address: host, port, user: user_name, password } = scene.simulator.devices[0];
  device = (await callApi(anna, "POST", `/sites/${site}/devices`, { name: "Driveway", host, port, user_name, password })).id;
  await handOver(anna, olga, site, { site: true, devices: [] });
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach(async (context) => {
  await showFailure(context, anna);
  await showFailure({ name: `${context.name} (Olga)`, passed: context.passed }, olga);
});

const note = ({ page, t }) => page.getByRole("note").filter({ hasText: t("grants.owner_decides") });
const lacking = (person, permissions) =>
  note(person).getByText(person.t("grants.lacking", { what: permissions.map((one) => person.t(`device_permission.${one}`)).join(", ") }));

/** Letters come in any order: the next about something. */
async function mailAbout(part) {
  for (;;) {
    const mail = await postbox.mailTo(OWNER.email);
    if (mail.text.includes(part)) return mail;
  }
}

/** So many minutes pass for what is granted. */
async function pass(minutes) {
  const micros = minutes * 60_000_000;
  const sql = `UPDATE grants SET granted_at = granted_at - ${micros}, valid_until = valid_until - ${micros};`;
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", join(scene.server.data, "siteward.db"), sql]);
}

test("after the handover a device's page says what its owner does not allow, and a snapshot is refused", async () => {
  const { page, t } = anna;
  await page.goto(`/devices/${device}`);
  await lacking(anna, ["configuration", "live_view", "playback"]).waitFor();
  await button(page, t("snapshot.take")).click();
  await page.getByText(t("errors.permission_missing")).waitFor();
});

test("the company asks for live pictures, and the owner allows them for an hour", async () => {
  const { page, t } = anna;
  await button(note(anna), t("grants.ask_owner")).click();
  const dialog = page.getByRole("dialog", { name: t("grants.apply_device_title", { name: "Driveway" }) });
  await button(dialog, t("grants.send")).click();
  await dialog.getByText(t("grants.nothing_chosen")).waitFor();
  await dialog.getByRole("checkbox", { name: t("device_permission.live_view"), exact: true }).check();
  await dialog.getByRole("combobox", { name: `${t("handover.how_long")}: ${t("device_permission.live_view")}` }).selectOption("4h");
  await field(dialog, t("grants.remark")).fill("The picture is dark");
  await button(dialog, t("grants.send")).click();
  await dialog.getByText(t("grants.applied")).waitFor();
  await button(dialog, t("do.done")).click();
  await mailAbout("The picture is dark");

  await olga.page.goto(`/my/sites/${site}`);
  const asked = olga.page.getByRole("region", { name: olga.t("my_grants.requests"), exact: true });
  await asked.getByText("The picture is dark", { exact: false }).waitFor();
  await button(asked, olga.t("my_grants.answer")).click();
  const answer = olga.page.getByRole("dialog", { name: olga.t("my_grants.answer_title", { company: "Keller Security" }) });
  const howLong = answer.getByRole("combobox");
  await howLong.waitFor();
  assert.deepEqual(await howLong.getByRole("option").allTextContents(), ["1h", "2h", "4h"].map((one) => olga.t(`validity.${one}`)));
  await howLong.selectOption("1h");
  await button(answer, olga.t("my_grants.allow")).click();
  await asked.waitFor({ state: "detached" });
  const allowed = olga.page.getByRole("region", { name: olga.t("my_grants.title", { company: "Keller Security" }), exact: true });
  await allowed.getByText(`${olga.t("device_permission.live_view")}: Driveway`).waitFor();
});

test("it is used, the owner is told, and sixty-one minutes later it is refused", async () => {
  const { page, t } = anna;
  await lacking(anna, ["configuration", "playback"]).waitFor();
  await button(page, t("snapshot.take")).click();
  await page.getByRole("img", { name: t("snapshot.alt", { n: 1, name: "Driveway" }) }).waitFor();
  await mailAbout("/revoke/");
  await pass(59);
  await button(page, t("snapshot.again")).click();
  await callApi(anna, "GET", `/devices/${device}/permissions`).then(({ items }) => assert.ok(items[1].allowed));
  await pass(2);
  await button(page, t("snapshot.again")).click();
  await page.getByText(t("errors.permission_missing")).waitFor();
  await lacking(anna, ["configuration", "live_view", "playback"]).waitFor();
});

test("the link in the mail takes a permission back, without a sign-in and without a script", async () => {
  const { t } = anna;
  const ask = { device_id: device, permission: "configuration", validity: "permanent" };
  const { id } = await callApi(anna, "POST", `/sites/${site}/grant_requests`, { devices: [ask] });
  await callMine(olga, "POST", `/my/grant_requests/${id}/approve`, {});
  await callApi(anna, "POST", `/devices/${device}/time`, {});
  const link = linkIn(await mailAbout("/revoke/"), "/revoke/");
  const reader = await openWindow(scene, { javaScriptEnabled: false });
  await reader.page.goto(link);
  await reader.page.getByText("Driveway", { exact: false }).first().waitFor();
  await button(reader.page, "Take it back").click();
  await heading(reader.page, "The permission is taken back").waitFor();
  assert.equal((await reader.page.goto(link)).status(), 410);
  await reader.context.close();
  await assert.rejects(callApi(anna, "POST", `/devices/${device}/time`, {}), /permission_missing/);
  await anna.page.goto(`/sites/${site}`);
  await anna.page.getByRole("region", { name: t("grants.title"), exact: true }).getByText(t("handover.asks_site")).waitFor();
});

for (const language of ["en", "ru"]) {
  test(`asking, allowing and giving back is for everybody, in ${language}`, async () => {
    await accessibleWalk(scene, language, 5, async (person, look) => {
      const { page, t } = person;
      await setLanguage(language);
      await page.goto("/sign-in");
      await signIn(page);
      await page.goto(`/sites/${site}`);
      const card = page.getByRole("region", { name: t("grants.title"), exact: true });
      await card.getByText(t("handover.asks_site")).waitFor();
      await look("card");
      await button(card, t("grants.apply")).click();
      const dialog = page.getByRole("dialog", { name: t("grants.apply_title", { site: SITE }) });
      await dialog.getByRole("checkbox", { name: t("device_permission.playback"), exact: true }).check();
      await look("dialog");
      await button(dialog, t("grants.send")).click();
      await dialog.getByText(t("grants.applied")).waitFor();
      await button(dialog, t("do.done")).click();
      await card.getByText(t("request_state.waiting")).first().waitFor();
      await page.goto(`/devices/${device}`);
      await note(person).waitFor();
      await look("device");
      await signInAsOwner(person);
      await page.goto(`/my/sites/${site}`);
      const asked = page.getByRole("region", { name: t("my_grants.requests"), exact: true });
      await button(asked, t("my_grants.answer")).first().click();
      await look("answer");
      await button(page.getByRole("dialog"), t("do.cancel")).click();
      await look("owner's site");
      await button(asked, t("my_grants.refuse")).first().click();
      await asked.waitFor({ state: "detached" });
    });
  });
}

/** Whoever signs in has this language: the pages follow it. */
async function setLanguage(language) {
  const sql = `UPDATE end_users SET language = '${language}'; UPDATE staff SET language = '${language}';`;
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", join(scene.server.data, "siteward.db"), sql]);
}

/** Signs the Admin in without the page for it. */
async function signIn(page) {
  await page.evaluate(async (body) => {
    const answer = await fetch("/api/v1/session", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!answer.ok) throw new Error(await answer.text());
  }, JSON.stringify({ email: "anna@keller.example", password: "Correct-horse7" }));
}
