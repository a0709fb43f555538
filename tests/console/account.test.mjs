// One's own account: a second factor, its recovery codes, the password, the sessions, the way back in by mail, and the Admin role.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { COMPANY, openScene, openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { button, field, giveAdmin, giveCompany, heading, region as card, signIn, signOut } from "./support/steps.mjs";
import {
  beginTwoFactor, callApi, confirmTwoFactor, giveCode, join, memberLine, secretField, setMailServer,
} from "./support/staffSteps.mjs";
import { codeOf } from "./support/totp.mjs";

const SECOND = "Correct-battery8";
const THIRD = "Correct-staple9";
const BERND = { name: "Bernd Voss", email: "bernd.voss@keller.example", password: "Curious-heron5" };
const SOON = 15_000;

let scene;
let postbox;
let anna;
/** A second window of the same person, as on another computer. */
let elsewhere;
let secret;
let recovery;
/** The code that turned the second factor on: good once. */
let used;
before(async () => {
  postbox = await openPostbox();
  scene = await openScene({ first: "127.40.9.1", camera: false });
  anna = await openWindow(scene);
  elsewhere = await openWindow(scene, { userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1" });
  await giveCompany(anna, scene.server.setupLink);
  await giveAdmin(anna);
  await setMailServer(anna, postbox);
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach(async (context) => {
  await showFailure(context, anna);
  await showFailure({ name: `${context.name} (elsewhere)`, passed: context.passed }, elsewhere);
});

const openProfile = async ({ page, t }) => {
  await page.getByRole("button", { name: t("nav.menu") }).click();
  await page.getByRole("link", { name: t("profile.title") }).click();
  await heading(page, t("profile.title")).waitFor();
};

test("a changed language is spoken at once, and the name is everywhere", async () => {
  const { page, t } = anna;
  await openProfile(anna);
  await page.getByLabel(t("nav.language"), { exact: true }).selectOption("ru");
  await button(card(anna, "profile.about"), t("do.save")).click();
  await heading(page, "Мой аккаунт").waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ru");
  await page.getByLabel("Язык", { exact: true }).selectOption("en");
  await field(page, "Ваше имя").fill("Anna Keller-Voss");
  await button(page.getByRole("region", { name: "Обо мне", exact: true }), "Сохранить").click();
  await heading(page, t("profile.title")).waitFor();
  await page.getByRole("button", { name: t("nav.menu") }).click();
  await page.getByText("Anna Keller-Voss").waitFor();
  await page.keyboard.press("Escape");
});

test("the second factor is set up with an app, and recovery codes are shown once", async () => {
  const { page, t } = anna;
  await button(card(anna, "two_factor.title"), t("two_factor.set_up")).click();
  const dialog = page.getByRole("dialog", { name: t("two_factor.set_up") });
  secret = await beginTwoFactor(anna, dialog, PERSON.password);
  await field(dialog, t("code.label")).fill(codeOf(secret, 40));
  await button(dialog, t("two_factor.confirm")).click();
  await dialog.getByRole("alert").getByText(t("errors.two_factor_code_wrong")).waitFor();
  used = codeOf(secret);
  recovery = await confirmTwoFactor(anna, dialog, used);
  assert.equal(new Set(recovery).size, 10);
  await button(dialog, t("recovery.done")).click();
  await card(anna, "two_factor.title").getByText(t("two_factor.on"), { exact: true }).waitFor();
});

test("signing in asks for a code; a wrong one and a used one are refused", async () => {
  const { page, t } = anna;
  await signOut(anna);
  await signIn(anna);
  await giveCode(anna, "000000");
  await page.getByRole("alert").getByText(t("errors.two_factor_code_wrong")).waitFor();
  await giveCode(anna, used);
  await page.getByRole("alert").getByText(t("errors.two_factor_code_wrong")).waitFor();
  await giveCode(anna, codeOf(secret, 1));
  await heading(page, t("sites.title")).waitFor();
});

test("a recovery code lets in once", async () => {
  const { page, t } = elsewhere;
  const [code] = recovery;
  await page.goto("/sign-in");
  await signIn(elsewhere);
  await giveCode(elsewhere, code);
  await heading(page, t("sites.title")).waitFor();
  await signOut(elsewhere);
  await signIn(elsewhere);
  await giveCode(elsewhere, code);
  await page.getByRole("alert").getByText(t("errors.two_factor_code_wrong")).waitFor();
  await button(page, t("session.other_account")).click();
  await signIn(elsewhere);
  await giveCode(elsewhere, recovery[1]);
  await heading(page, t("sites.title")).waitFor();
});

test("a session elsewhere is seen in plain words and ended", async () => {
  const { page, t } = anna;
  await openProfile(anna);
  const sessions = card(anna, "sessions.title");
  await sessions.getByText(t("sessions.this"), { exact: true }).waitFor();
  const other = sessions.getByRole("listitem").filter({ hasText: t("sessions.agent", { browser: "Safari", system: "iPhone" }) });
  await other.getByRole("button").click();
  await heading(elsewhere.page, elsewhere.t("session.title")).waitFor({ timeout: SOON });
  await other.waitFor({ state: "detached" });
});

test("a changed password ends the other sessions and is the only one from then on", async () => {
  const { page, t } = anna;
  await signIn(elsewhere);
  await giveCode(elsewhere, recovery[2]);
  await heading(elsewhere.page, elsewhere.t("sites.title")).waitFor();

  const form = card(anna, "profile.password");
  const change = async (password, code) => {
    await secretField(form, t("profile.password_now")).fill(password);
    await secretField(form, t("profile.password_new")).fill(SECOND);
    await field(form, t("code.recovery")).fill(code);
    await button(form, t("profile.password_change")).click();
  };
  await button(form, t("code.use_recovery")).click();
  await change("Wrong-horse7", recovery[3]);
  await form.getByRole("alert").getByText(t("errors.own_password_wrong")).waitFor();
  await change(PERSON.password, recovery[3]);
  await form.getByText(t("profile.password_changed")).waitFor();
  await heading(elsewhere.page, elsewhere.t("session.title")).waitFor({ timeout: SOON });
  // The session goes on under another id: the next change is taken.
  await button(card(anna, "profile.about"), t("do.save")).click();
  await card(anna, "profile.about").getByText(t("company.saved")).waitFor();
  await signIn(elsewhere, PERSON.password);
  await elsewhere.page.getByRole("alert").getByText(elsewhere.t("errors.sign_in_refused")).waitFor();
});

test("a forgotten password is replaced by the link in a mail", async () => {
  const { page, t } = elsewhere;
  for (const email of ["nobody@keller.example", PERSON.email]) {
    await page.goto("/sign-in");
    await page.getByRole("link", { name: t("session.forgot") }).click();
    // The page of signing in has such a field too.
    await heading(page, t("forgot.title")).waitFor();
    await field(page, t("setup.email")).fill(email);
    await button(page, t("forgot.send")).click();
    await page.getByText(t("forgot.asked", { email })).waitFor();
  }
  const mail = await mailWith("/reset/");
  const link = linkIn(mail, "/reset/");
  await page.goto(link);
  await page.locator("input[autocomplete=new-password]").fill(THIRD);
  await page.locator("input[autocomplete=one-time-code]").fill(recovery[4]);
  await page.locator("main button[type=submit]").click();
  await page.getByText(t("session.reset_done")).waitFor();
  await heading(anna.page, anna.t("session.title")).waitFor({ timeout: SOON });
  const again = await page.goto(link);
  assert.equal(again.status(), 410);
  await page.goto("/sign-in");
  await signIn(elsewhere, THIRD);
  await giveCode(elsewhere, recovery[5]);
  await heading(page, t("sites.title")).waitFor();
});

test("once the company requires it, a colleague gets to the set-up of a second factor and nothing else", async () => {
  const { page, t } = anna;
  await signIn(anna, THIRD);
  await giveCode(anna, recovery[6]);
  // Back where they were thrown out.
  await heading(page, t("profile.title")).waitFor();
  const { items: roles } = await callApi(anna, "GET", "/roles");
  const role_id = roles.find(({ name }) => name === "Manager").id;
  await callApi(anna, "POST", "/staff_invitations", { email: BERND.email, name: BERND.name, role_id, language: "en" });
  const link = linkIn(await postbox.mailTo(BERND.email), "/join/");
  await signOut(elsewhere);
  await join(elsewhere, link, BERND.password);

  await page.goto("/company");
  await page.getByRole("switch", { name: t("security.required") }).check({ force: true });
  await card(anna, "security.title").getByText(t("company.saved")).waitFor();
  // What they do next is refused, and the console leads them on.
  await elsewhere.page.goto("/staff");
  await elsewhere.page.getByText(t("two_factor.company_wants", { company: COMPANY })).waitFor();
  const seed = await beginTwoFactor(elsewhere, elsewhere.page, BERND.password);
  await confirmTwoFactor(elsewhere, elsewhere.page, codeOf(seed));
  await button(elsewhere.page, t("recovery.done")).click();
  await memberLine(elsewhere, BERND.name).getByText(t("staff.two_factor")).waitFor();
});

test("the Admin hands the role over and has from then on what the chosen role allows", async () => {
  const { page, t } = anna;
  await page.goto("/company");
  await button(page, t("hand_over.open")).click();
  const dialog = page.getByRole("dialog", { name: t("hand_over.title") });
  await dialog.getByRole("combobox", { name: t("hand_over.to") }).or(field(dialog, t("hand_over.to"))).first().click();
  await page.getByRole("option", { name: new RegExp(BERND.name) }).click();
  await dialog.getByLabel(t("hand_over.my_role")).selectOption({ label: "Installer" });
  await secretField(dialog, t("profile.own_password")).fill(THIRD);
  await button(dialog, t("code.use_recovery")).click();
  await field(dialog, t("code.recovery")).fill(recovery[7]);
  await button(dialog, t("hand_over.do")).click();
  await page.getByText(t("hand_over.done", { name: BERND.name })).waitFor();
  await page.getByText(t("company.read_only")).waitFor();
  assert.equal(await page.getByRole("link", { name: t("nav.log"), exact: true }).count(), 0);
  await elsewhere.page.goto("/log");
  await elsewhere.page.getByText(t("action.post_company_admin")).waitFor();
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual([...anna.troubles, ...elsewhere.troubles], []);
});

/** The mail to the Admin that has such a link; those that tell of changes come before it. */
async function mailWith(part) {
  for (;;) {
    const mail = await postbox.mailTo(PERSON.email);
    if (mail.text.includes(part)) return mail;
  }
}
