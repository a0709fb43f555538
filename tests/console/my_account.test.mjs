// An end user's account: from registering by mail to its end.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { callMine, handOver, signInAsOwner } from "./support/mySteps.mjs";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { openScene, openWindow, showFailure } from "./support/scene.mjs";
import { beginTwoFactor, callApi, confirmTwoFactor, giveCode, secretField, setMailServer } from "./support/staffSteps.mjs";
import { button, field, giveAdmin, giveCompany, heading, region as card } from "./support/steps.mjs";
import { codeOf } from "./support/totp.mjs";

const OLGA = { name: "Olga Brandt", email: "olga@brandt.example", password: "Correct-horse7", phone: "+49 170 1234567" };
const SECOND = "Correct-battery8";
const THIRD = "Correct-staple9";

let scene;
let postbox;
let admin;
let olga;
let secret;
let recovery;
before(async () => {
  postbox = await openPostbox();
  scene = await openScene({ first: "127.70.1.1", camera: false });
  admin = await openWindow(scene);
  olga = await openWindow(scene);
  await giveCompany(admin, scene.server.setupLink);
  await giveAdmin(admin);
  await setMailServer(admin, postbox);
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach((context) => showFailure(context, olga));

const enter = async ({ page, t }, name, password) => {
  await field(page, t("my_account.email_or_phone")).fill(name);
  await secretField(page, t("setup.password")).fill(password);
  await button(page, t("session.submit")).click();
};
const openAccount = async ({ page, t }) => {
  await page.goto("/my/account");
  await heading(page, t("my.account")).waitFor();
  await card({ page, t }, "my_account.data").waitFor();
};
const leave = async ({ page, t }) => {
  await page.getByRole("button", { name: t("nav.menu") }).click();
  await button(page, t("nav.sign_out")).click();
  await heading(page, t("my_account.sign_in")).waitFor();
};
/** The next mail to them that leads to such a page. */
const mailWith = async (part) => {
  for (;;) {
    const mail = await postbox.mailTo(OLGA.email);
    if (mail.text.includes(part)) return mail;
  }
};

test("a customer registers, confirms by the link in the mail, and is in", async () => {
  const { page, t } = olga;
  await page.goto("/my/sign-in");
  await page.getByRole("link", { name: t("my_account.register") }).click();
  await field(page, t("setup.admin_name")).fill(OLGA.name);
  await field(page, t("setup.email")).fill(OLGA.email);
  const region = page.getByRole("combobox", { name: t("setup.region") });
  await (await region.count() ? region : field(page, t("setup.region"))).click();
  await page.getByRole("option", { name: "Germany" }).click();
  await secretField(page, t("setup.password")).fill(OLGA.password);
  await button(page, t("my_account.register_do")).click();
  await page.getByText(t("my_account.registered", { email: OLGA.email })).waitFor();
  const link = linkIn(await mailWith("/my/confirm/"), "/my/confirm/");
  await page.goto(link);
  await page.locator("input[name=password]").fill(OLGA.password);
  await page.locator("main button[type=submit]").click();
  await heading(page, t("my.sites")).waitFor();
  const again = await page.goto(link);
  assert.equal(again.status(), 410);
});

test("they change who they are, and sign in by phone", async () => {
  const { page, t } = olga;
  await openAccount(olga);
  const about = card(olga, "profile.about");
  await field(about, t("my_account.phone")).fill("0170 1234567");
  await button(about, t("do.save")).click();
  await about.getByText(t("errors.phone_invalid")).waitFor();
  await field(about, t("my_account.phone")).fill(OLGA.phone);
  await button(about, t("do.save")).click();
  await about.getByText(t("company.saved")).waitFor();
  await leave(olga);
  await enter(olga, OLGA.phone, "Wrong-horse7");
  await page.getByRole("alert").getByText(t("errors.sign_in_refused")).waitFor();
  await enter(olga, OLGA.phone, OLGA.password);
  await heading(page, t("my.account")).or(heading(page, t("my.sites"))).waitFor();
});

for (const language of ["en", "ru"]) {
  test(`their pages are accessible, in ${language}`, async () => {
    await accessibleWalk(scene, language, 6, async (person, look) => {
      const { page, t } = person;
      await page.goto("/my/sign-in");
      await heading(page, t("my_account.sign_in")).waitFor();
      await look("sign-in");
      await page.getByRole("link", { name: t("session.forgot") }).click();
      await heading(page, t("forgot.title")).waitFor();
      await look("lost password");
      await page.goto("/my/register");
      await heading(page, t("my_account.register")).waitFor();
      await button(page, t("my_account.register_do")).click();
      await page.getByText(t("form.required")).first().waitFor();
      await look("registration, not filled in");
      await page.goto("/my/confirm/nothing");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await look("a link of no use");
      await signInAsOwner(person, OLGA);
      await callMine(person, "PATCH", "/my/profile", { language });
      await openAccount(person);
      await look("account");
      await button(page, t("my_account.delete")).click();
      await page.getByRole("dialog").getByText(t("my_account.delete_text")).waitFor();
      await look("end of the account");
      await callMine(person, "PATCH", "/my/profile", { language: "en" });
    });
  });
}

test("a second factor is set up and asked for", async () => {
  const { page, t } = olga;
  await openAccount(olga);
  await button(card(olga, "two_factor.title"), t("two_factor.set_up")).click();
  const dialog = page.getByRole("dialog", { name: t("two_factor.set_up") });
  secret = await beginTwoFactor(olga, dialog, OLGA.password);
  recovery = await confirmTwoFactor(olga, dialog, codeOf(secret));
  await button(dialog, t("recovery.done")).click();
  await card(olga, "two_factor.title").getByText(t("two_factor.on"), { exact: true }).waitFor();
  await leave(olga);
  await enter(olga, OLGA.email, OLGA.password);
  await giveCode(olga, "000000");
  await page.getByRole("alert").getByText(t("errors.two_factor_code_wrong")).waitFor();
  await giveCode(olga, codeOf(secret, 1));
  await heading(page, t("my.account")).or(heading(page, t("my.sites"))).waitFor();
});

test("a changed password is taken at once, and a lost one is replaced by a link", async () => {
  const { page, t } = olga;
  await openAccount(olga);
  const form = card(olga, "profile.password");
  await button(form, t("code.use_recovery")).click();
  await secretField(form, t("profile.password_now")).fill(OLGA.password);
  await secretField(form, t("profile.password_new")).fill(SECOND);
  await field(form, t("code.recovery")).fill(recovery[0]);
  await button(form, t("profile.password_change")).click();
  await form.getByText(t("profile.password_changed")).waitFor();
  await leave(olga);
  await page.getByRole("link", { name: t("session.forgot") }).click();
  await field(page, t("setup.email")).fill(OLGA.email);
  await button(page, t("forgot.send")).click();
  await page.getByText(t("forgot.asked", { email: OLGA.email })).waitFor();
  await page.goto(linkIn(await mailWith("/my/reset/"), "/my/reset/"));
  await page.locator("input[autocomplete=new-password]").fill(THIRD);
  await page.locator("input[autocomplete=one-time-code]").fill(recovery[1]);
  await page.locator("main button[type=submit]").click();
  await page.getByText(t("session.reset_done")).waitFor();
  await enter(olga, OLGA.email, THIRD);
  await giveCode(olga, recovery[2]);
  await heading(page, t("my.account")).or(heading(page, t("my.sites"))).waitFor();
});

test("they end their account, say what becomes of their site, and it is gone", async () => {
  const { page, t } = olga;
  const { id } = await callApi(admin, "POST", "/sites", { name: "Summer house", address: "", time_zone: "Europe/Berlin" });
  await openAccount(olga);
  await handOver(admin, olga, id, { site: true, devices: [] }, OLGA);
  await button(page, t("my_account.delete")).click();
  const dialog = page.getByRole("dialog", { name: t("my_account.delete_title") });
  await dialog.getByRole("combobox", { name: "Summer house" }).selectOption("return");
  await secretField(dialog, t("profile.own_password")).fill(THIRD);
  await button(dialog, t("code.use_recovery")).click();
  await field(dialog, t("code.recovery")).fill(recovery[3]);
  await button(dialog, t("my_account.delete_do")).click();
  await page.getByText(t("my_account.deleted")).waitFor();
  await enter(olga, OLGA.email, THIRD);
  await page.getByRole("alert").getByText(t("errors.sign_in_refused")).waitFor();
  assert.equal((await callApi(admin, "GET", `/sites/${id}`)).status, "not_invited", "it is the company's again");
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual([...olga.troubles, ...admin.troubles], []);
});
