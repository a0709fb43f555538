// What a person does in the console with links and the devices behind them.
import { button, field, heading, openScan, pasteCode } from "./steps.mjs";

/** A field for a secret: its label may hold a mark that it is required, and a button stands beside it. */
export const secret = ({ page }, scope, name) => scope.getByLabel(name).and(page.locator("input"));

export const wizard = ({ page, t }) => page.getByRole("dialog", { name: t("addition.title") });

/** Ends when the open wizard has reached a state of R-D4. */
export async function wizardAt(person, state, timeout = 60_000) {
  await wizard(person).getByRole("heading", { name: person.t(`add_title.${state}`) }).waitFor({ timeout });
}

/** Opens a page of the site from its menu: `links.title` or `found.title`. */
export async function openFromSite({ page, t }, entry) {
  await button(page, t("sites.actions")).click();
  await page.getByRole("menuitem", { name: t(entry) }).click();
}

export const linkCard = ({ page, t }, name) =>
  page.getByRole("list", { name: t("links.title") }).getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });

/** Makes a link on the open page of links; answers the command that is shown. */
export async function makeLink(person, name) {
  const { page, t } = person;
  await button(page, t("links.add")).click();
  const naming = page.getByRole("dialog", { name: t("links.add") });
  await field(naming, t("links.name")).fill(name);
  await button(naming, t("links.make_code")).click();
  const code = page.getByRole("dialog", { name: t("links.code_title") });
  return (await code.locator("code").first().textContent()).trim();
}

/** The whole way to a connected link of a site, from the site's page and back to it. */
export async function connectLink(scene, person, site, name) {
  const { page, t } = person;
  await openFromSite(person, "links.title");
  const command = await makeLink(person, name);
  await button(page.getByRole("dialog"), t("do.done")).click();
  const link = await scene.join(command);
  await linkCard(person, name).getByText(t("link_state.online"), { exact: true }).waitFor();
  await page.getByRole("link", { name: site }).click();
  await heading(page, site).waitFor();
  return link;
}

/** Begins to add a device by the text of its label. */
export async function pasteLabel(person, device) {
  const dialog = await openScan(person, "text");
  await pasteCode(person, device.label);
  await dialog.waitFor({ state: "hidden" });
  await wizard(person).getByText(device.serial).first().waitFor();
}

export async function giveLogin(person, password) {
  const dialog = wizard(person);
  await secret(person, dialog, person.t("devices.password")).fill(password);
  await button(dialog, person.t("do.next")).click();
}

/** Ends the wizard of an added device. */
export async function wizardDone(person, timeout = 60_000) {
  await wizardAt(person, "added", timeout);
  await button(wizard(person), person.t("do.done")).click();
  await wizard(person).waitFor({ state: "hidden" });
}

/** Opens the menu of a device's page and chooses. */
export async function operate({ page, t }, entry) {
  await button(page, t("operation.menu")).click();
  await page.getByRole("menuitem", { name: t(`operation.${entry}`) }).click();
}
