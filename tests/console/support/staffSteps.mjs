// What is done with staff and with one's own account, step by step. Each step ends when its effect is on the screen.
import { settingsOf } from "./postbox.mjs";
import { button, field, heading } from "./steps.mjs";

/** Calls the API in the name of whoever is signed in. */
export async function callApi({ page }, method, path, body) {
  return page.evaluate(async ([method, path, body]) => {
    const ask = async (method, path, headers, body) => {
      const answer = await fetch(`/api/v1${path}`, { method, headers, body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : null;
    };
    const { csrf_token: token } = await ask("GET", "/session");
    return ask(method, path, { "content-type": "application/json", "x-csrf-token": token }, body && JSON.stringify(body));
  }, [method, path, body]);
}

export const setMailServer = (person, postbox) => callApi(person, "PUT", "/mail_settings", settingsOf(postbox));

/** A person's password field: its label is also that of the button that shows it. */
export const secretField = (page, name) => page.getByLabel(name, { exact: false }).and(page.locator("input"));

export const inviteDialog = ({ page, t }) => page.getByRole("dialog", { name: t("staff.invite") });

/** Invites somebody from the page of the staff; the dialog stays with its last word. */
export async function invite(person, { email, name, role }) {
  const { page, t } = person;
  await button(page.locator("main"), t("staff.invite")).click();
  const dialog = inviteDialog(person);
  await field(dialog, t("setup.email")).fill(email);
  await field(dialog, t("staff.name")).fill(name);
  await dialog.getByLabel(t("staff.role")).selectOption({ label: role });
  await button(dialog, t("invitations.send")).click();
  await dialog.getByRole("status").waitFor();
  return dialog;
}

/** Opens the link of an invitation and chooses a password; ends in the console. */
export async function join({ page, t }, link, password) {
  await page.goto(link);
  await page.locator("input[type=password]").fill(password);
  await page.locator("main button[type=submit]").click();
  await heading(page, t("sites.title")).waitFor();
}

/** A member's line in the list of the staff. */
export const memberLine = ({ page, t }, name) =>
  page.getByRole("list", { name: t("staff.title"), exact: true }).getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

export async function openMember(person, name) {
  await person.page.goto("/staff");
  await memberLine(person, name).getByRole("link", { name, exact: true }).click();
  await heading(person.page, name).waitFor();
}

/** Orders what the menu of a member's page offers; ends with the order. */
export async function orderOn({ page, t }, action) {
  await button(page, t("staff.actions")).click();
  await page.getByRole("menuitem", { name: t(`member_action.${action}`), exact: true }).click();
  await button(page.getByRole("dialog"), t(`member_action.${action}_do`)).click();
}

/** Gives the password that begins setting up the second factor; answers the secret. */
export async function beginTwoFactor({ page, t }, scope, password) {
  await secretField(scope, t("profile.own_password")).fill(password);
  await button(scope, t("do.next")).click();
  await scope.getByRole("img", { name: t("two_factor.qr") }).waitFor();
  return (await scope.locator(".copy-text code").textContent()).replaceAll(/\s/g, "");
}

/** Gives the first code; answers the recovery codes. */
export async function confirmTwoFactor({ t }, scope, code) {
  await field(scope, t("code.label")).fill(code);
  await button(scope, t("two_factor.confirm")).click();
  const list = scope.getByRole("list", { name: t("recovery.list") });
  await list.waitFor();
  return list.getByRole("listitem").allTextContents();
}

/** Gives a code at the second step of a sign-in. */
export async function giveCode({ page, t }, code) {
  await heading(page, t("session.code_title")).waitFor();
  const fromList = code.includes("-");
  if (fromList) await button(page, t("code.use_recovery")).click();
  await field(page, t(fromList ? "code.recovery" : "code.label")).fill(code);
  await button(page, t("session.submit")).click();
}
