// Phone numbers: shown to be one's own by a code in a text message, and shared with; the messages go to a gateway.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { callMine, handOver, makeEndUser, OWNER, setLanguage, signInAsOwner } from "./support/mySteps.mjs";
import { until } from "./support/patience.mjs";
import { openReceiver } from "./support/receiver.mjs";
import { openScene, openWindow, PERSON, PHONE, showFailure } from "./support/scene.mjs";
import { choose, way } from "./support/sharingSteps.mjs";
import { callApi } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, region } from "./support/steps.mjs";

const SITE = "Villa Brandt";
const TIMO = { name: "Timo Arnold", email: "timo@arnold.example", password: PERSON.password };
const NUMBER = "+491701234567";
const NOBODYS = "+491707654321";

let gateway;
let scene;
let owner;
let timo;
before(async () => {
  gateway = await openReceiver();
  scene = await openScene({ first: "127.71.1.1", camera: false, environment: { SITEWARD__SMS__URL: gateway.url } });
  const admin = await openWindow(scene);
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  for (const person of [OWNER, TIMO]) await makeEndUser(scene.server, person);
  await addSite(admin, SITE);
  const site = admin.page.url().split("/").pop();
  const { address: host, port, user: user_name, password } = scene.simulator.devices[0];
  await callApi(admin, "POST", `/sites/${site}/devices`, { name: "Garden", host, port, user_name, password });
  owner = await openWindow(scene);
  timo = await openWindow(scene, { size: PHONE });
  await signInAsOwner(owner);
  await handOver(admin, owner, site, { site: true, devices: [] });
  await admin.context.close();
  await signInAsOwner(timo, TIMO);
});
after(async () => {
  await scene?.end();
  gateway?.close();
});
afterEach(async (context) => {
  await showFailure(context, owner);
  await showFailure({ name: `${context.name} receiver`, passed: context.passed }, timo);
});

/** The text messages to a number so far. */
const textsTo = (number) => gateway.told.map(({ body }) => JSON.parse(body)).filter(({ to }) => to === number).map(({ text }) => text);
/** The code of the text message to a number that comes as so many-th. */
async function codeTo(number, count) {
  await until(`${count} text messages`, () => textsTo(number).length >= count);
  return textsTo(number)[count - 1].match(/\d{6}/)[0];
}
const numberField = ({ t }, dialog) => field(dialog, t("sharing.login_or_number"));

test("a customer saves a phone number, and shows by the code of a text message that it is theirs", async () => {
  const { page, t } = timo;
  await page.goto("/my/account");
  const confirming = region(timo, "my_phone.title");
  await confirming.getByText(t("my_phone.none")).waitFor();
  const about = region(timo, "profile.about");
  await field(about, t("my_account.phone")).fill("+49 170 1234567");
  await button(about, t("do.save")).click();
  await button(confirming, t("my_phone.send", { phone: NUMBER })).click();
  await confirming.getByText(t("my_phone.sent", { phone: NUMBER })).waitFor();
  const code = await codeTo(NUMBER, 1);
  const give = async (text) => {
    await field(confirming, t("my_phone.code")).fill(text);
    await button(confirming, t("my_phone.confirm")).click();
  };
  await give("12345");
  await confirming.getByText(t("my_phone.code_needed")).waitFor();
  await give(code === "123456" ? "654321" : "123456");
  await confirming.getByText(t("errors.phone_code_wrong")).waitFor();
  await give(code);
  await confirming.getByRole("status").getByText(t("my_phone.confirmed")).waitFor();
  await page.reload();
  await confirming.getByText(NUMBER).waitFor();
});

test("what is shared with a number waits for whose it is; a number that is nobody's gets a text message", async () => {
  const offerTo = async (number) => {
    const dialog = await choose(owner, ["Garden"]);
    await way(owner, "login_number");
    await numberField(owner, dialog).fill(number);
    await button(dialog, owner.t("sharing.offer")).click();
    return dialog;
  };
  const { page, t } = timo;
  await page.goto("/my/shared");
  await page.getByText(t("my_shares.none"), { exact: true }).waitFor();
  const dialog = await offerTo("0170 1234567");
  await dialog.getByText(owner.t("sharing.login_or_number_wrong")).waitFor();
  await numberField(owner, dialog).fill("+49 (170) 123-45-67");
  await button(dialog, owner.t("sharing.offer")).click();
  await dialog.getByText(owner.t("sharing.offered", { name: NUMBER })).waitFor();
  await button(dialog, owner.t("do.done")).click();
  const reminder = page.getByRole("region", { name: t("sharing.offer_title", { name: OWNER.name, site: SITE }) });
  await button(reminder, `${t("sharing.accept")}: ${OWNER.name}, ${SITE}`).click();
  await page.getByRole("article", { name: SITE, exact: true }).getByText("Garden").waitFor();

  await (await offerTo(NOBODYS)).getByText(owner.t("sharing.offered", { name: NOBODYS })).waitFor();
  await until("a text message", () => textsTo(NOBODYS).length === 1);
  const [text] = textsTo(NOBODYS);
  assert.equal(textsTo(NUMBER).length, 1, "who has shown that the number is theirs gets a mail");
  assert.ok(text.includes(OWNER.name) && text.includes(SITE) && text.includes(`${scene.server.base}/my/register`), text);
  assert.deepEqual([...owner.troubles, ...timo.troubles], []);
});

for (const language of ["en", "ru"]) {
  test(`the pages with numbers are accessible, in ${language}`, async () => {
    await setLanguage(scene.server, language);
    await accessibleWalk(scene, language, 4, async (person, look) => {
      const { page, t } = person;
      await signInAsOwner(person);
      await callMine(person, "PATCH", "/my/profile", { phone: null });
      await page.goto("/my/account");
      const confirming = region(person, "my_phone.title");
      await confirming.getByText(t("my_phone.none")).waitFor();
      await callMine(person, "PATCH", "/my/profile", { phone: NOBODYS });
      await page.reload();
      const before = textsTo(NOBODYS).length;
      await button(confirming, t("my_phone.send", { phone: NOBODYS })).click();
      await button(confirming, t("my_phone.confirm")).click();
      await confirming.getByText(t("my_phone.code_needed")).waitFor();
      await look("a code is on its way");
      await field(confirming, t("my_phone.code")).fill(await codeTo(NOBODYS, before + 1));
      await button(confirming, t("my_phone.confirm")).click();
      await confirming.getByRole("status").getByText(t("my_phone.confirmed")).waitFor();
      await look("a number that is theirs");
      const dialog = await choose(person, ["Garden"]);
      await button(page.getByRole("dialog"), t("do.next")).click();
      await dialog.getByText(t("sharing.way_login_number"), { exact: true }).waitFor();
      await look("ways to share, with numbers");
      await dialog.getByText(t("sharing.way_login_number"), { exact: true }).click();
      await numberField(person, dialog).fill("0170");
      await button(dialog, t("sharing.offer")).click();
      await dialog.getByText(t("sharing.login_or_number_wrong")).waitFor();
      await look("a number without its country code");
    });
  });
}
