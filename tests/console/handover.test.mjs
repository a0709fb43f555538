// A site changes hands: composed in the console, mailed by a real mail server, opened on a page that needs no script, accepted less
// one wish. The company sees it at once, and the customer has a home of their own.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk, phoneTroubles, violations } from "./support/accessible.mjs";
import { OWNER } from "./support/mySteps.mjs";
import { linkIn, openMaildev } from "./support/postbox.mjs";
import { openScene, openWindow, PHONE, showFailure } from "./support/scene.mjs";
import { callApi, setMailServer } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

const SITE = "Harbour warehouse";

let scene;
let postbox;
let anna;
let olga;
let letter;
let link;
before(async () => {
  postbox = await openMaildev();
  scene = await openScene({ first: "127.40.40.1", camera: false });
  anna = await openWindow(scene);
  // The page from the mail is used with scripts off.
  olga = await openWindow(scene, { javaScriptEnabled: false, size: PHONE });
  await giveCompany(anna, scene.server.setupLink);
  await giveAdmin(anna);
  await setMailServer(anna, postbox);
  await anna.page.goto("/sites");
  await addSite(anna, SITE, "Pier 4");
  await addDevice(anna);
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach(async (context) => {
  await showFailure(context, anna);
  await showFailure({ name: `${context.name} (Olga)`, passed: context.passed }, olga);
});

async function addDevice(person) {
  const [{ name, address, port, user, password }] = scene.simulator.devices;
  const { items } = await callApi(person, "GET", "/sites");
  await callApi(person, "POST", `/sites/${items[0].id}/devices`, { name, host: address, port, user_name: user, password });
}

const card = ({ page, t }) => page.getByRole("region", { name: t("handover.title"), exact: true });

test("who hands over says to whom, and what is asked for on which devices for how long", async () => {
  const { page, t } = anna;
  await page.reload();
  await card(anna).getByText(t("handover_status.not_invited")).waitFor();
  await button(card(anna), t("handover.begin")).click();
  const dialog = page.getByRole("dialog", { name: t("handover.dialog_title", { site: SITE }) });
  await field(dialog, t("setup.email")).fill("olga@brandt.exampel");
  await field(dialog, t("staff.name")).fill(OWNER.name);
  await dialog.getByRole("checkbox", { name: t("device_permission.live_view"), exact: true }).check();
  await dialog.getByRole("combobox", { name: `${t("handover.how_long")}: ${t("device_permission.live_view")}` }).selectOption("4h");
  await dialog.getByRole("checkbox", { name: t("device_permission.configuration"), exact: true }).check();
  await button(dialog, t("invitations.send")).click();
  await dialog.getByRole("status").waitFor();
  await button(dialog, t("do.done")).click();
  await card(anna).getByText(t("handover_state.not_registered")).waitFor();
  await card(anna).getByText(t("handover_status.not_accepted")).waitFor();
  await postbox.mailTo("olga@brandt.exampel");
});

test("a mistyped address is corrected, and the mail that comes has the only good link", async () => {
  const { page, t } = anna;
  await button(card(anna), `${t("handover.correct")}: olga@brandt.exampel`).click();
  const dialog = page.getByRole("dialog", { name: t("handover.correct_title") });
  await field(dialog, t("setup.email")).fill(OWNER.email);
  await button(dialog, t("handover.correct_do")).click();
  const first = linkIn(await postbox.mailTo(OWNER.email), "/handover/");
  await button(card(anna), `${t("invitations.send_again")}: ${OWNER.email}`).click();
  const mail = await postbox.mailTo(OWNER.email);
  link = linkIn(mail, "/handover/");
  assert.notEqual(link, first);
  letter = mail.page;
  assert.equal((await olga.page.goto(first)).status(), 410);
});

test("the customer sees on a phone, without a script, what is offered, makes an account and accepts less", async () => {
  const { page } = olga;
  // As its reader does: out of the mail.
  await page.goto(letter);
  const opened = page.waitForResponse(link);
  await page.locator(`a[href="${link}"]`).first().click();
  assert.equal((await opened).status(), 200);
  for (const text of [SITE, "Pier 4", "Keller Security", scene.simulator.devices[0].name]) {
    await page.getByText(text, { exact: true }).first().waitFor();
  }
  await page.getByRole("checkbox", { name: /^Configure it/ }).uncheck();
  await field(page, "Your name").fill(OWNER.name);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await button(page, "Accept the site").click();
  await page.getByText("A password has 8 to 64 characters.").waitFor();
  assert.equal(await page.getByRole("checkbox", { name: /^Configure it/ }).isChecked(), false, "what was unticked stays so");
  assert.equal(await field(page, "Your name").inputValue(), OWNER.name);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await button(page, "Accept the site").click();
  await heading(page, "The site is yours").waitFor();
});

test("the company sees it at once and may do what was left ticked", async () => {
  const { t } = anna;
  await card(anna).getByText(t("handover_state.accepted"), { exact: true }).waitFor();
  await card(anna).getByText(t("handover_status.authorized")).waitFor();
  const { items } = await callApi(anna, "GET", "/sites");
  const grants = await callApi(anna, "GET", `/sites/${items[0].id}/grants`);
  assert.deepEqual(grants.items.map(({ permission }) => permission).sort(), ["live_view", "site"]);
  await postbox.mailTo(OWNER.email);
});

test("the link is used up, and leads to a home of the customer's own", async () => {
  assert.equal((await olga.page.goto(link)).status(), 410);
  // The same browser, with scripts on: the session began with the acceptance.
  const cookies = await olga.context.cookies();
  const home = await openWindow(scene, { storageState: { cookies, origins: [] } });
  await home.page.goto("/my");
  await home.page.getByRole("link", { name: SITE }).waitFor();
  assert.deepEqual(home.troubles, []);
  await home.context.close();
});

test("an invitation to who has an account waits in their home too, and can be refused there", async () => {
  const { page, t } = anna;
  await page.goto("/sites");
  await addSite(anna, "Boathouse");
  const { items } = await callApi(anna, "GET", "/sites?search=Boathouse");
  await callApi(anna, "POST", `/sites/${items[0].id}/handovers`, { email: OWNER.email, language: "en", asks: { site: true } });
  const home = await openWindow(scene, { storageState: { cookies: await olga.context.cookies(), origins: [] } });
  await home.page.goto("/my/sites");
  await home.page.getByRole("region", { name: home.t("my_handovers.title", { company: "Keller Security", site: "Boathouse" }) }).waitFor();
  assert.deepEqual(await violations(home.page), []);
  await button(home.page, `${home.t("my_handovers.refuse")}: Boathouse`).click();
  await button(home.page.getByRole("dialog"), home.t("my_handovers.refuse")).click();
  await card(anna).getByText(t("handover_state.refused")).waitFor();
  await home.context.close();
});

test("card, dialogs and page are for everybody, wide and on a phone, light and dark", async () => {
  for (const language of ["en", "ru"]) {
    await accessibleWalk(scene, language, 3, async (person, look) => {
      const { page, t } = person;
      await page.goto("/sign-in");
      await callSignIn(page);
      // The console speaks the language of the account.
      await callApi(person, "PATCH", "/profile", { language });
      await page.goto("/sites");
      const name = `Quay ${language}`;
      await addSite(person, name);
      const { items } = await callApi(person, "GET", `/sites?search=${encodeURIComponent(name)}`);
      const [{ name: device, address, port, user, password }] = scene.simulator.devices.slice(language === "en" ? 1 : 2);
      await callApi(person, "POST", `/sites/${items[0].id}/devices`, { name: device, host: address, port, user_name: user, password });
      await page.reload();
      await button(card(person), t("handover.begin")).click();
      const dialog = page.getByRole("dialog", { name: t("handover.dialog_title", { site: name }) });
      await field(dialog, t("setup.email")).fill(`quay.${language}@brandt.example`);
      await dialog.getByRole("checkbox", { name: t("device_permission.playback"), exact: true }).check();
      await dialog.getByRole("checkbox", { name: t("handover.all_devices", { count: 1 }) }).uncheck();
      await look("dialog");
      await dialog.getByLabel(t("invitations.language")).selectOption(language);
      await button(dialog, t("invitations.send")).click();
      await dialog.getByRole("status").waitFor();
      await button(dialog, t("do.done")).click();
      await card(person).getByText(t("handover_state.not_registered")).waitFor();
      await look("card");
      const mailed = linkIn(await postbox.mailTo(`quay.${language}@brandt.example`), "/handover/");
      await page.goto(mailed);
      await look("page");
    });
  }
  assert.deepEqual(await phoneTroubles(olga.page), []);
});

/** Signs the Admin in without the page for it. */
async function callSignIn(page) {
  await page.evaluate(async (body) => {
    const answer = await fetch("/api/v1/session", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!answer.ok) throw new Error(await answer.text());
  }, JSON.stringify({ email: "anna@keller.example", password: "Correct-horse7" }));
}
