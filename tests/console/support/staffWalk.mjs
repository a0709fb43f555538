// A walk past what there is about staff and one's own account; `look(name)` is called at each place, when it has come to rest.
import { linkIn } from "./postbox.mjs";
import { COMPANY, PERSON, PHONE, WIDE } from "./scene.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading, signIn, signOut } from "./steps.mjs";
import {
  beginTwoFactor, callApi, confirmTwoFactor, giveCode, invite, inviteDialog, join, memberLine, openMember, setMailServer,
} from "./staffSteps.mjs";
import { codeOf } from "./totp.mjs";
import { rest } from "./walk.mjs";

const BERND = { name: "Bernd Voss", email: "bernd.voss@keller.example", password: "Correct-battery8" };
const CLARA = { name: "Clara Brandt", email: "clara@keller.example", password: "Curious-heron5" };

export async function walkStaff(scene, person, see, postbox) {
  const { page, t } = person;
  const look = async (name) => {
    await rest(page);
    await see(name);
  };
  const dialog = () => page.getByRole("dialog");
  const closeDialog = async () => {
    await dialog().getByRole("button", { name: t("do.close"), exact: true }).first().click();
    await dialog().waitFor({ state: "hidden" });
  };
  const walk = { person, page, t, look, dialog, closeDialog, postbox, language: await languageOf(person) };

  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour warehouse");
  await page.goto("/forgot");
  await heading(page, t("forgot.title")).waitFor();
  await look("forgotten password");
  await field(page, t("setup.email")).fill(PERSON.email);
  await button(page, t("forgot.send")).click();
  await page.getByText(t("forgot.asked", { email: PERSON.email })).waitFor();
  await look("forgotten password, asked");

  await invitations(walk);
  await joining(walk);
  await members(walk);
  await roles(walk);
  const recovery = await account(walk);
  await company(walk);
  await enrolment(walk);
  await wayBack(walk, recovery);
}

const languageOf = ({ page }) => page.evaluate(() => navigator.language.slice(0, 2));

async function invitations({ person, page, t, look, dialog, closeDialog, postbox }) {
  await page.goto("/staff");
  await memberLine(person, PERSON.name).waitFor();
  await look("staff, alone");
  await button(page.locator("main"), t("staff.invite")).click();
  await button(dialog(), t("invitations.send")).click();
  await dialog().getByText(t("form.required")).first().waitFor();
  await look("invitation, not filled in");
  await closeDialog();
  await invite(person, { ...BERND, role: "Installer" });
  await inviteDialog(person).getByText(t("invitations.mail_waits")).waitFor();
  await look("invitation, waits for a mail server");
  await button(dialog(), t("do.done")).click();
  await setMailServer(person, postbox);
}

async function joining(walk) {
  const { person, page, t, look, postbox } = walk;
  const link = linkIn(await postbox.mailTo(BERND.email), "/join/");
  await signOut(person);
  await page.goto(`${link}?language=${walk.language}`);
  await look("join");
  await page.locator("input[type=password]").fill("weak");
  await page.locator("main button[type=submit]").click();
  await page.locator("input[type=password]").waitFor();
  await look("join, weak password");
  await join(person, `${link}?language=${walk.language}`, BERND.password);
  await page.getByText(t("sites.none_assigned")).waitFor();
  await look("sites, none assigned");
  await page.goto("/staff");
  await heading(page, t("needs.title")).waitFor();
  await look("a page that needs a right");
  await page.goto(`${link}?language=${walk.language}`);
  await look("join, used");
  await page.goto("/company");
  await signOut(person);
  await signIn(person);
  await heading(page, t("sites.title")).waitFor();
}

async function members({ person, page, t, look, dialog, closeDialog }) {
  await page.goto("/staff");
  await invite(person, { ...CLARA, role: "Manager" });
  await button(dialog(), t("do.done")).click();
  const { items } = await callApi(person, "GET", "/staff");
  const { items: sites } = await callApi(person, "GET", "/sites");
  const managers = [{ staff_id: items.find(({ email }) => email === BERND.email).id, expires_at: new Date(Date.now() + 86_400_000).toISOString() }];
  await callApi(person, "PUT", "/site_managers", { site_ids: [sites[0].id], managers });
  await page.reload();
  await memberLine(person, BERND.name).waitFor();
  await page.getByRole("list", { name: t("invitations.title") }).getByText(t("invitation_state.accepted")).waitFor();
  await look("staff, filled");
  await page.setViewportSize(PHONE);
  await button(page, t("nav.more")).click();
  await page.getByRole("menuitem", { name: t("nav.company") }).waitFor();
  await look("more of the navigation");
  await page.setViewportSize(WIDE);
  await page.keyboard.press("Escape");
  await button(page, `${t("invitations.cancel")}: ${CLARA.email}`).click();
  await dialog().waitFor();
  await look("cancel an invitation");
  await closeDialog();
  await openMember(person, PERSON.name);
  await look("member, oneself");
  await openMember(person, BERND.name);
  await page.getByRole("link", { name: "Harbour warehouse" }).waitFor();
  await page.getByText(t("member_panels.none")).waitFor();
  await look("member");
  await button(page, t("staff.actions")).click();
  await page.getByRole("menuitem").first().waitFor();
  await look("member, menu");
  await page.getByRole("menuitem", { name: t("member_action.delete"), exact: true }).click();
  await dialog().waitFor();
  await look("member, delete");
  await closeDialog();
  await button(page, t("staff.actions")).click();
  await page.getByRole("menuitem", { name: t("member_action.disable"), exact: true }).click();
  await button(dialog(), t("member_action.disable_do")).click();
  await page.getByText(t("staff.disabled_note")).waitFor();
  await look("member, disabled");
  await button(page, t("staff.actions")).click();
  await page.getByRole("menuitem", { name: t("member_action.enable"), exact: true }).click();
  await button(dialog(), t("member_action.enable_do")).click();
  await page.getByText(t("member_action.enable_done")).waitFor();
}

async function roles({ page, t, look, dialog, closeDialog }) {
  await page.goto("/staff/roles");
  await page.getByRole("list", { name: t("roles.title"), exact: true }).waitFor();
  await look("roles");
  await button(page, `${t("roles.edit")}: Installer`).click();
  await dialog().waitFor();
  await look("role");
  await closeDialog();
  await button(page, `${t("do.delete")}: Installer`).click();
  await dialog().getByRole("link", { name: BERND.name }).waitFor();
  await look("role, in use");
  await closeDialog();
  await button(page, `${t("do.delete")}: Manager`).click();
  await button(dialog(), t("do.delete")).click();
  await dialog().getByRole("alert").waitFor();
  await look("role, somebody is invited to it");
  await closeDialog();
}

async function account({ person, page, t, look, dialog, closeDialog }) {
  await page.goto("/profile");
  await page.getByText(t("sessions.this"), { exact: true }).waitFor();
  await look("account");
  await button(page, t("profile.password_change")).click();
  await page.getByText(t("form.required")).first().waitFor();
  await look("password, not filled in");
  await button(page, t("two_factor.set_up")).click();
  await dialog().waitFor();
  await look("second factor, password");
  const secret = await beginTwoFactor(person, dialog(), PERSON.password);
  await look("second factor, secret");
  const recovery = await confirmTwoFactor(person, dialog(), codeOf(secret));
  await look("recovery codes");
  await button(dialog(), t("recovery.done")).click();
  await button(page, t("two_factor.renew")).waitFor();
  await look("account, second factor on");
  await button(page, t("two_factor.turn_off")).click();
  await dialog().waitFor();
  await look("turn the second factor off");
  await closeDialog();
  return recovery;
}

async function company({ page, t, look, dialog, closeDialog }) {
  await page.goto("/company");
  const required = page.getByRole("switch", { name: t("security.required") });
  await required.and(page.locator(":enabled")).waitFor();
  await required.check({ force: true });
  await page.getByRole("region", { name: t("security.title") }).getByText(t("company.saved")).waitFor();
  await look("company, second factor required");
  await button(page, t("hand_over.open")).click();
  await dialog().waitFor();
  await button(dialog(), t("hand_over.do")).click();
  await dialog().getByText(t("form.required")).first().waitFor();
  await look("hand over, not filled in");
  await closeDialog();
}

async function enrolment({ person, page, t, look }) {
  await signOut(person);
  await signIn(person, BERND.password, BERND.email);
  await page.getByText(t("two_factor.company_wants", { company: COMPANY })).waitFor();
  await look("second factor required");
  const secret = await beginTwoFactor(person, page, BERND.password);
  await look("second factor required, secret");
  await confirmTwoFactor(person, page, codeOf(secret));
  await look("second factor required, recovery codes");
  await button(page, t("recovery.done")).click();
  await heading(page, t("sites.title")).waitFor();
  await signOut(person);
}

async function wayBack({ person, page, t, look, postbox, language }, recovery) {
  await signIn(person);
  await heading(page, t("session.code_title")).waitFor();
  await look("sign-in, code");
  await giveCode(person, "000000");
  await page.getByRole("alert").waitFor();
  await look("sign-in, wrong code");
  await button(page, t("code.use_recovery")).click();
  await look("sign-in, recovery code");
  let mail = await postbox.mailTo(PERSON.email);
  while (!mail.text.includes("/reset/")) mail = await postbox.mailTo(PERSON.email);
  const link = `${linkIn(mail, "/reset/")}?language=${language}`;
  await page.goto(link);
  await look("reset");
  await page.locator("input[autocomplete=new-password]").fill("Correct-staple9");
  await page.locator("input[autocomplete=one-time-code]").fill("000000");
  await page.locator("main button[type=submit]").click();
  await page.locator("input[autocomplete=new-password]").waitFor();
  await look("reset, wrong code");
  await page.locator("input[autocomplete=new-password]").fill("Correct-staple9");
  await page.locator("input[autocomplete=one-time-code]").fill(recovery[0]);
  await page.locator("main button[type=submit]").click();
  await page.getByText(t("session.reset_done")).waitFor();
  await look("sign-in after a reset");
  await page.goto(link);
  await look("reset, used");
}
