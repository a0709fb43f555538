// Two customers, each in a browser of their own: what one shares, the other sees, and sees no more once it is taken back.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { filmOf, openBrowser } from "./support/browser.mjs";
import { answeredAt, AT_MOST, goneAt, settled } from "./support/gone.mjs";
import { callMine, endShareCodes, handOver, makeEndUser, OWNER, setLanguage, signInAsOwner } from "./support/mySteps.mjs";
import { openScene, openWindow, PERSON, PHONE, showFailure } from "./support/scene.mjs";
import { choose, permission, way } from "./support/sharingSteps.mjs";
import { callApi } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading, region } from "./support/steps.mjs";

const SITE = "Villa Brandt";
/** What the count-down of a dialog shows, in seconds. */
const secondsLeft = async (dialog) => {
  const [, minutes, seconds] = (await dialog.getByRole("timer").textContent()).match(/^(\d):(\d\d)$/);
  return Number(minutes) * 60 + Number(seconds);
};
const TIMO = { name: "Timo Arnold", email: "timo@arnold.example", password: PERSON.password };
const EVA = { name: "Eva Lund", email: "eva@lund.example", password: PERSON.password };

let scene;
let owner;
let receiver;
let filming;
before(async () => {
  scene = await openScene({ first: "127.72.1.1", camera: false });
  const admin = await openWindow(scene);
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  for (const person of [OWNER, TIMO, EVA]) await makeEndUser(scene.server, person);
  await addSite(admin, SITE, "Elbchaussee 341, Hamburg");
  const site = admin.page.url().split("/").pop();
  for (const [index, name] of ["Driveway", "Garden"].entries()) {
    const { address: host, port, user: user_name, password } = scene.simulator.devices[index];
    await callApi(admin, "POST", `/sites/${site}/devices`, { name, host, port, user_name, password });
  }
  owner = await openWindow(scene);
  receiver = await openWindow(scene, { size: PHONE });
  await signInAsOwner(owner);
  await handOver(admin, owner, site, { site: true, devices: [] });
  await admin.context.close();
  await signInAsOwner(receiver, TIMO);
});
after(async () => {
  await filming?.close();
  await scene?.end();
});
afterEach(async (context) => {
  await showFailure(context, owner);
  await showFailure({ name: `${context.name} receiver`, passed: context.passed }, receiver);
});

test("what is offered by mail waits for the other as a reminder, and is theirs when they accept", async () => {
  await receiver.page.goto("/my/shared");
  await receiver.page.getByText(receiver.t("my_shares.none"), { exact: true }).waitFor();
  const dialog = await choose(owner, ["Driveway"]);
  await dialog.getByRole("checkbox", { name: permission(owner, "ptz") }).uncheck();
  await assert.rejects(dialog.getByRole("checkbox", { name: permission(owner, "live_view") }).uncheck({ timeout: 500 }));
  await way(owner, "login");
  await field(dialog, owner.t("setup.email")).fill(TIMO.email);
  await button(dialog, owner.t("sharing.offer")).click();
  await dialog.getByText(owner.t("sharing.offered", { name: TIMO.email })).waitFor();
  await button(dialog, owner.t("do.done")).click();
  await region(owner, "sharing.offers").getByText(TIMO.email).waitFor();
  // Nobody reloads: the reminder comes by itself, and so does the answer.
  const reminder = receiver.page.getByRole("region", { name: receiver.t("sharing.offer_title", { name: OWNER.name, site: SITE }) });
  await reminder.getByText("Driveway").waitFor();
  await button(reminder, `${receiver.t("sharing.accept")}: ${OWNER.name}, ${SITE}`).click();
  const card = receiver.page.getByRole("article", { name: SITE, exact: true });
  await card.getByText("Elbchaussee 341, Hamburg").waitFor();
  await card.getByRole("listitem").getByText(receiver.t("share_permission.playback")).first().waitFor();
  assert.ok(!(await card.textContent()).includes(receiver.t("share_permission.ptz")), "what was not ticked is not shared");
  await owner.page.getByRole("article", { name: "Driveway", exact: true }).getByText(TIMO.name).waitFor();
});

test("a QR shown in one browser is read by the camera of the other, and what it is for is gone at once when taken back", async (context) => {
  const dialog = await choose(owner, ["Garden"]);
  const making = owner.page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/share_codes"));
  await way(owner, "temporary");
  const shown = dialog.getByRole("img", { name: owner.t("sharing.code_alt") });
  await shown.waitFor();
  const made = await making;
  const until = Date.parse((await made.json()).expires_at);
  const lasts = (until - Date.parse(made.headers().date)) / 1000;
  // An answer tells the server's clock in whole seconds, and not always the newest.
  assert.ok(Math.abs(lasts - 300) < 2, `${lasts} s`);
  await dialog.getByRole("timer").getByText(/^(5:00|4:\d\d)$/).waitFor();
  const before = (until - Date.now()) / 1000;
  const left = await secondsLeft(dialog);
  assert.ok(left <= before + 2 && left >= (until - Date.now()) / 1000 - 2, `${left} s are shown`);
  await shown.evaluate((picture) => picture.decode());
  filming = await openBrowser(await filmOf(await shown.screenshot(), join(scene.folder, "share.y4m")));
  const eva = await openWindow({ ...scene, browser: filming }, { size: PHONE });
  const { page, t } = eva;
  await signInAsOwner(eva, EVA);
  await page.goto("/my/shared");
  await button(page, t("sharing.scan_code")).click();
  await page.waitForURL("**/my/apply");
  await page.getByRole("heading", { name: t("apply.found_title", { name: OWNER.name }) }).waitFor();
  await page.getByText("Garden").waitFor();
  await button(page, t("apply.do")).click();
  await page.getByText(t("apply.done", { name: OWNER.name })).waitFor();
  await page.getByRole("link", { name: t("apply.to_portal") }).click();
  await region(eva, "sharing.own_applications").waitFor();

  await button(dialog, `${owner.t("sharing.answer")}: ${EVA.name}`).click();
  const answer = owner.page.getByRole("dialog", { name: owner.t("sharing.answer_title", { name: EVA.name }) });
  await answer.getByRole("checkbox", { name: permission(owner, "playback") }).uncheck();
  await button(answer, owner.t("sharing.accept")).click();
  const card = page.getByRole("article", { name: SITE, exact: true });
  await card.getByRole("link", { name: "Garden", exact: true }).click();
  await heading(page, "Garden").waitFor();
  await page.waitForFunction(() => [...document.images].some(({ complete, naturalWidth }) => complete && naturalWidth > 100));

  // Who looks on sees it go, and reloads nothing.
  await settled(page);
  await button(dialog, owner.t("do.done")).click();
  const garden = owner.page.getByRole("article", { name: "Garden", exact: true });
  await button(garden, `${owner.t("sharing.remove")}: ${EVA.name}, Garden`).click();
  const said = answeredAt(owner.page, "DELETE");
  const gone = goneAt(page, "img[data-pictures]");
  await button(owner.page.getByRole("dialog"), owner.t("sharing.remove")).click();
  const took = (await gone) - (await said);
  context.diagnostic(`gone ${Math.round(took)} ms after it was taken back, without reloading`);
  assert.ok(took <= AT_MOST, `gone only after ${took} ms`);
  await page.getByText(t("my_view.gone"), { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.images.length), 0);
  await garden.waitFor({ state: "detached" });
  await page.goto("/my/shared");
  await page.getByText(t("my_shares.none"), { exact: true }).waitFor();
  assert.deepEqual(eva.troubles, []);
  await eva.context.close();
});

test("a code is shown for five minutes to the second; then a tap makes another", async () => {
  const person = await openWindow(scene);
  const { page, t } = person;
  await page.clock.install();
  // The server's clock goes on together with that of the page.
  let ahead = 0;
  await page.route(({ pathname }) => pathname.startsWith("/api/v1/") && !pathname.endsWith("/live"), async (route) => {
    const answer = await route.fetch();
    const date = new Date(Date.parse(answer.headers().date) + ahead).toUTCString();
    await route.fulfill({ response: answer, headers: { ...answer.headers(), date } });
  });
  const later = async (milliseconds) => {
    ahead += milliseconds;
    await page.clock.fastForward(milliseconds);
  };
  await signInAsOwner(person);
  const dialog = await choose(person, ["Garden"]);
  await way(person, "temporary");
  const shown = dialog.getByRole("img", { name: t("sharing.code_alt") });
  await shown.waitFor();
  const first = await dialog.getByText("/my/apply#").textContent();
  // What a slow machine took so far is not let pass twice.
  await later((await secondsLeft(dialog) - 20) * 1000);
  await dialog.getByRole("timer").getByText(/^0:(20|1\d)$/).waitFor();
  assert.ok(await shown.isVisible());
  await later(20_000);
  await dialog.getByText(t("sharing.code_over"), { exact: true }).waitFor();
  assert.equal(await shown.count(), 0);
  assert.equal(await dialog.getByText("/my/apply#").count(), 0, "nor is its link");

  await endShareCodes(scene.server);
  ahead = 0;
  await button(dialog, t("sharing.code_renew")).click();
  await shown.waitFor();
  await dialog.getByRole("timer").getByText(/^(5:00|4:5\d)$/).waitFor();
  const second = await dialog.getByText("/my/apply#").textContent();
  assert.notEqual(second, first);
  const look = (link) => callMine(receiver, "POST", "/my/share_applications", { token: new URL(link).hash.slice(1) });
  await assert.rejects(look(first), /410/);
  await look(second);
  await button(dialog, `${t("sharing.refuse")}: ${TIMO.name}`).click();
  await button(dialog, `${t("sharing.refuse")}: ${TIMO.name}`).waitFor({ state: "detached" });
  assert.deepEqual(person.troubles, []);
  // An answer that is still on its way cannot be given to a window that is gone.
  await page.unrouteAll({ behavior: "wait" });
  await person.context.close();
});

test("a QR to print is saved as a picture, and whoever has it needs its password and an account", async () => {
  const dialog = await choose(owner, ["Garden"]);
  await way(owner, "long_term");
  await field(dialog, owner.t("sharing.label")).fill("Garden, for the neighbours");
  await dialog.getByLabel(owner.t("sharing.password")).and(owner.page.locator("input")).fill("tulips-in-may");
  await button(dialog, owner.t("sharing.make_code")).click();
  for (const [kind, begins] of [["PNG", "\x89PNG"], ["SVG", "<"]]) {
    const [download] = await Promise.all([owner.page.waitForEvent("download"), dialog.getByRole("link", { name: owner.t("sharing.save_as", { kind }) }).click()]);
    const file = join(scene.folder, download.suggestedFilename());
    await download.saveAs(file);
    const bytes = await readFile(file, "latin1");
    assert.ok(bytes.startsWith(begins) && bytes.length > 500, `${kind} of ${bytes.length} bytes`);
    if (kind === "SVG") assert.match(bytes, /Garden, for the neighbours/);
  }
  const link = await dialog.getByText("/my/apply#").textContent();
  await button(dialog, owner.t("do.done")).click();

  const visitor = await openWindow(scene, { size: PHONE });
  const { page, t } = visitor;
  await page.goto(new URL(link).pathname + new URL(link).hash);
  await page.getByText(t("apply.password_text")).waitFor();
  assert.ok(!page.url().includes("#"), "the token does not stay in the address bar");
  const password = page.getByLabel(t("sharing.password")).and(page.locator("input"));
  await password.fill("roses-in-june");
  await button(page, t("do.next")).click();
  await page.getByRole("alert").waitFor();
  await password.fill("tulips-in-may");
  await button(page, t("do.next")).click();
  await page.getByText("Garden, for the neighbours").waitFor();
  await page.getByRole("link", { name: t("session.title") }).click();
  await field(page, t("my_account.email_or_phone")).fill(EVA.email);
  await page.getByLabel(t("setup.password")).and(page.locator("input")).fill(EVA.password);
  await button(page, t("session.submit")).click();
  await page.waitForURL("**/my/apply");
  await button(page, t("apply.do")).click();
  await page.getByText(t("apply.done", { name: OWNER.name })).waitFor();
  await region(owner, "sharing.codes").getByText(owner.t("sharing.places", { taken: 1, most: 5 })).waitFor();
  await button(region(owner, "sharing.applications"), `${owner.t("sharing.refuse")}: ${EVA.name}`).click();
  await region(owner, "sharing.applications").waitFor({ state: "detached" });
  await button(region(owner, "sharing.codes"), `${owner.t("sharing.revoke")}: Garden, for the neighbours`).click();
  await button(owner.page.getByRole("dialog"), owner.t("sharing.revoke")).click();
  await region(owner, "sharing.codes").getByText("Garden, for the neighbours").waitFor({ state: "detached" });
  await page.goto(new URL(link).pathname + new URL(link).hash);
  await page.reload();
  await page.getByRole("alert").waitFor();
  await visitor.context.close();
});

test("the code of an account is read from a photo, and what is offered face to face waits for its answer", async () => {
  await receiver.page.goto("/my/code");
  const shown = receiver.page.getByRole("img", { name: receiver.t("sharing.my_code_alt") });
  await shown.waitFor();
  await shown.evaluate((picture) => picture.decode());
  const photo = await shown.screenshot();
  // A phone's own camera opens the link instead.
  const link = await receiver.page.locator("code").filter({ hasText: "/my/share#" }).textContent();
  await owner.page.goto(link.trim());
  await owner.page.getByRole("heading", { name: TIMO.name, exact: true }).waitFor();
  await button(owner.page, owner.t("sharing.share_with", { name: TIMO.name })).click();
  await owner.page.getByRole("dialog").getByText("Garden", { exact: true }).waitFor();
  await owner.page.goto("/my/sharing");
  const dialog = await choose(owner, ["Garden"]);
  await way(owner, "scan");
  await dialog.getByText(owner.t("scan.picture"), { exact: true }).click();
  await dialog.locator("input[type=file]").last().setInputFiles({ name: "wall.png", mimeType: "image/png", buffer: await owner.page.locator(".shell-head").screenshot() });
  await dialog.getByText(owner.t("sharing.scan_none")).waitFor();
  await dialog.locator("input[type=file]").last().setInputFiles({ name: "code.png", mimeType: "image/png", buffer: photo });
  await button(dialog, owner.t("sharing.offer_to", { name: TIMO.name })).click();
  await dialog.getByText(owner.t("sharing.offered", { name: TIMO.name })).waitFor();
  await button(dialog, owner.t("do.done")).click();
  await button(receiver.page, `${receiver.t("sharing.accept")}: ${OWNER.name}, ${SITE}`).click();
  await owner.page.getByRole("article", { name: "Garden", exact: true }).getByText(TIMO.name).waitFor();
});

test("the card of a device tells of all who have it, whatever pages they come in, or says that it does not", async () => {
  const { page, t } = owner;
  const { items } = await callMine(owner, "GET", "/my/given_shares");
  const { device_id, channel } = items.flatMap(({ channels }) => channels).find(({ device_name }) => device_name === "Driveway");
  await callMine(owner, "POST", "/my/share_offers", { login: EVA.email, channels: [{ device_id, channel, permissions: ["live_view"] }] });
  const eva = await openWindow(scene);
  await signInAsOwner(eva, EVA);
  const offers = await callMine(eva, "GET", "/my/received_offers");
  await callMine(eva, "POST", `/my/received_offers/${offers.items[0].id}/accept`, {});

  const ofLists = ({ pathname }) => pathname.endsWith("/my/given_shares");
  await page.route(ofLists, (route) => route.continue({ url: route.request().url().replace("limit=100", "limit=1") }));
  await page.reload();
  const card = page.getByRole("article", { name: "Driveway", exact: true });
  for (const { name } of [TIMO, EVA]) await card.getByText(name, { exact: true }).waitFor();
  assert.equal(await page.getByRole("note").filter({ hasText: t("sharing.given_comes") }).count(), 0);
  await page.unroute(ofLists);
  await page.route(ofLists, (route) => {
    const url = route.request().url();
    return url.includes("cursor") ? route.abort() : route.continue({ url: url.replace("limit=100", "limit=1") });
  });
  await page.reload();
  await page.getByText(t("sharing.not_all_given"), { exact: true }).waitFor();
  await page.unroute(ofLists);
  await page.getByRole("alert").getByRole("button").click();
  await card.getByText(EVA.name, { exact: true }).waitFor();
  await callMine(owner, "DELETE", `/my/given_shares?receiver_id=${(await callMine(eva, "GET", "/my/session")).end_user.id}`);
  await card.getByText(EVA.name, { exact: true }).waitFor({ state: "detached" });
  // The browser notes what was broken off on purpose.
  owner.troubles.splice(0, owner.troubles.length, ...owner.troubles.filter((text) => !text.includes("ERR_FAILED")));
  await eva.context.close();
});

test("what one person has is changed and taken back in one place, and they see it at once", async () => {
  const { page, t } = owner;
  await receiver.page.goto("/my/shared");
  const card = receiver.page.getByRole("article", { name: SITE, exact: true });
  await card.getByText("Garden").waitFor();
  await page.getByText(t("sharing.by_person"), { exact: true }).click();
  const person = page.getByRole("article", { name: TIMO.name, exact: true });
  await button(person, `${t("sharing.edit")}: ${TIMO.name}, ${SITE}`).click();
  const dialog = page.getByRole("dialog", { name: t("sharing.edit_title", { name: TIMO.name }) });
  await dialog.getByRole("checkbox", { name: /^Garden/ }).uncheck();
  await button(dialog, t("do.save")).click();
  await card.getByText("Garden").waitFor({ state: "detached" });
  await card.getByText("Driveway").waitFor();
  await button(person, `${t("sharing.remove_all")}: ${TIMO.name}`).click();
  await button(page.getByRole("dialog"), t("sharing.remove_all")).click();
  await card.waitFor({ state: "detached" });
  await page.getByText(t("sharing.nothing_given")).waitFor();
  assert.deepEqual([...owner.troubles, ...receiver.troubles], []);
});

for (const language of ["en", "ru"]) {
  test(`everything about sharing is for everybody, in ${language}`, async () => {
    await setLanguage(scene.server, language);
    const id = language === "en" ? "Driveway" : "Garden";
    await accessibleWalk(scene, language, 8, async (person, look) => {
      const { page, t } = person;
      await signInAsOwner(person);
      const dialog = await choose(person, [id]);
      await look("what to share");
      await button(dialog, t("do.next")).click();
      await look("ways to share");
      await dialog.getByText(t("sharing.way_temporary"), { exact: true }).click();
      await dialog.getByRole("img", { name: t("sharing.code_alt") }).waitFor();
      const link = await dialog.getByText("/my/apply#").textContent();
      await look("a code");
      await callMine(receiver, "POST", "/my/share_applications", { token: new URL(link).hash.slice(1) });
      await button(dialog, `${t("sharing.answer")}: ${TIMO.name}`).click();
      await look("an application");
      await button(page.getByRole("dialog", { name: t("sharing.answer_title", { name: TIMO.name }) }), t("sharing.accept")).click();
      await button(dialog, t("do.back")).click();
      await dialog.getByText(t("sharing.way_long_term"), { exact: true }).click();
      await look("a code to print");
      await button(dialog, t("do.back")).click();
      await dialog.getByText(t("sharing.way_login"), { exact: true }).click();
      await field(dialog, t("setup.email")).fill(EVA.email);
      await button(dialog, t("sharing.offer")).click();
      await button(dialog, t("do.done")).click();
      await page.getByRole("article", { name: id, exact: true }).waitFor();
      await look("sharing");
      await page.goto("/my/code");
      await page.getByRole("img", { name: t("sharing.my_code_alt") }).waitFor();
      await look("my code");
      await signInAsOwner(person, TIMO);
      await page.goto("/my/shared");
      await page.getByRole("article", { name: SITE, exact: true }).waitFor();
      await look("what is shared with me");
      await page.goto(new URL(link).pathname + new URL(link).hash);
      await button(page, t("apply.do")).waitFor();
      await look("asking for access");
    });
  });
}
