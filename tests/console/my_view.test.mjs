// A customer looks through a camera that is shared with them: live, paused, moved, what it recorded; until it is shared no more.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { answeredAt, AT_MOST, goneAt, settled } from "./support/gone.mjs";
import { callMine, handOver, makeEndUser, OWNER, setLanguage, signInAsOwner } from "./support/mySteps.mjs";
import { openScene, openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { callApi } from "./support/staffSteps.mjs";
import { addSite, button, giveAdmin, giveCompany, region } from "./support/steps.mjs";

const RECEIVER = { name: "Eva Lund", email: "eva@lund.example", password: PERSON.password };
const SITE = "Villa Brandt";

let scene;
let admin;
let owner;
let receiver;
let site;
let own;
let shared;
let offices;
before(async () => {
  scene = await openScene({ first: "127.68.1.1", camera: false });
  admin = await openWindow(scene);
  owner = await openWindow(scene);
  receiver = await openWindow(scene);
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  await makeEndUser(scene.server, OWNER);
  await makeEndUser(scene.server, RECEIVER);
  await signInAsOwner(owner);
  await signInAsOwner(receiver, RECEIVER);
  const cameras = scene.simulator.devices.filter(({ profile }) => profile === "camera" || profile === "dome");
  const add = async (name, { address: host, port, user: user_name, password }) => {
    await admin.page.goto("/sites");
    await addSite(admin, name);
    const made = admin.page.url().split("/").pop();
    const device = await callApi(admin, "POST", `/sites/${made}/devices`, { name: `Gate of ${name}`, host, port, user_name, password });
    return [made, device.id];
  };
  [site, own] = await add(SITE, cameras[0]);
  [offices, shared] = await add("Offices", cameras[1]);
  await handOver(admin, owner, site, { site: true, devices: [] });
  await share(["live_view", "playback", "alarm", "ptz", "two_way_audio"]);
});
after(() => scene?.end());
afterEach(async (context) => {
  await showFailure(context, receiver);
  await showFailure({ name: `${context.name} (owner)`, passed: context.passed }, owner);
});

/** The company shares the camera of the offices with Eva. */
async function share(permissions) {
  const channels = [{ device_id: shared, channel: 1, permissions }];
  const made = await callApi(admin, "POST", `/sites/${offices}/handovers`, { email: RECEIVER.email, language: "en", channels });
  await callMine(receiver, "POST", `/my/handovers/${made.id}/accept`, {});
}


/** Waits until so many pictures have come. */
async function pictures({ page }, least) {
  await page.waitForFunction((least) => Number(document.querySelector("img[data-pictures]")?.dataset.pictures) >= least, least);
}

test("whoever receives a camera sees it live, pauses it, moves it and saves what it recorded", async () => {
  const { page, t } = receiver;
  await page.goto(`/my/shared/${shared}`);
  await pictures(receiver, 3);
  await region(receiver, "my_view.title").getByText(t("my_view.live"), { exact: true }).waitFor();
  await page.getByText(t("my_view.no_audio")).waitFor();

  await button(page, t("my_view.pause")).click();
  const paused = await page.locator("img[data-pictures]").getAttribute("data-pictures");
  await region(receiver, "my_view.title").getByText(t("my_view.paused"), { exact: true }).waitFor();
  await button(page, t("my_view.go_on")).click();
  await pictures(receiver, Number(paused) + 2);

  const pad = region(receiver, "my_view.move");
  const moved = page.waitForResponse((answer) => answer.url().endsWith("/ptz"));
  await button(pad, t("my_view.left")).click();
  assert.equal((await moved).status(), 204);
  await pad.getByLabel(t("my_view.preset")).selectOption({ label: "2 · Car park" });
  await button(pad, t("my_view.go")).click();
  await pad.getByText(t("my_view.turning")).waitFor();

  const recordings = region(receiver, "my_view.recordings");
  const saving = page.waitForEvent("download");
  await recordings.getByRole("link").first().click();
  const saved = await saving;
  assert.match(saved.suggestedFilename(), /Gate of Offices.*\.mpg$/);
  assert.equal((await readFile(await saved.path())).subarray(0, 4).toString(), "IMKH");

  const mails = page.getByRole("switch", { name: t("my_view.mails") });
  assert.equal(await mails.isChecked(), true);
  const set = page.waitForResponse((answer) => answer.url().endsWith("/alarm_mails"));
  await mails.click();
  assert.equal((await set).status(), 204);
  await page.reload();
  await page.getByRole("switch", { name: t("my_view.mails"), checked: false }).waitFor();
  assert.deepEqual(receiver.troubles, []);
});

test("an owner has the same on the page of their device", async () => {
  await owner.page.goto(`/my/devices/${own}`);
  await pictures(owner, 2);
  for (const key of ["my_view.move", "my_view.recordings", "device_events.title"]) await region(owner, key).waitFor();
  assert.equal(await owner.page.getByRole("switch").count(), 0, "their own alarms are told elsewhere");
  await owner.page.goto(`/my/shared/${own}`);
  await owner.page.waitForURL(`**/my/devices/${own}`);
  assert.deepEqual(owner.troubles, []);
});

for (const language of ["en", "ru"]) {
  test(`looking through a camera is for everybody, in ${language}`, async () => {
    await setLanguage(scene.server, language);
    await accessibleWalk(scene, language, 2, async (person, look) => {
      const { page } = person;
      await signInAsOwner(person, RECEIVER);
      await page.goto(`/my/shared/${shared}`);
      await pictures(person, 1);
      await region(person, "my_view.recordings").getByRole("link").first().waitFor();
      await look("a shared camera");
      await page.goto(`/my/shared/${site}`);
      await page.getByText(person.t("my_view.gone")).waitFor();
      await look("nothing shared");
    });
    await setLanguage(scene.server, "en");
  });
}

test("what is shared no more is gone at once, without a reload", async (context) => {
  const { page, t } = receiver;
  await page.goto(`/my/shared/${shared}`);
  await pictures(receiver, 2);
  await settled(page);
  const { items: [{ id }] } = await callApi(admin, "GET", `/sites/${offices}/shares`);
  const said = answeredAt(admin.page, "DELETE");
  const gone = goneAt(page, "img[data-pictures]");
  await callApi(admin, "DELETE", `/sites/${offices}/shares/${id}`);
  const took = (await gone) - (await said);
  context.diagnostic(`gone ${Math.round(took)} ms after it was taken back`);
  assert.ok(took <= AT_MOST, `gone only after ${took} ms`);
  await page.getByText(t("my_view.gone")).waitFor();
  assert.equal(await page.locator("img[data-pictures]").count(), 0);
});
