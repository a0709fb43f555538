// What a person does in the console, step by step. Each step ends when its effect is on the screen.
import { COMPANY, PERSON, QR_PASSWORD } from "./scene.mjs";

export const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const region = ({ page, t }, key) => page.getByRole("region", { name: t(key), exact: true });
export const field = (page, name) => page.getByRole("textbox", { name, exact: true });

/** Fills in the first step of the set-up and goes on. */
export async function giveCompany({ page, t }, link, publicUrl) {
  await page.goto(link);
  await field(page, t("setup.company_name")).fill(COMPANY);
  if (publicUrl) await field(page, t("setup.public_url")).fill(publicUrl);
  const region = page.getByRole("combobox", { name: t("setup.region") });
  await (await region.count() ? region : field(page, t("setup.region"))).click();
  await page.getByRole("option", { name: /^(Germany|Германия)$/ }).click();
  await button(page, t("do.next")).click();
  await field(page, t("setup.admin_name")).waitFor();
}

export async function giveAdmin({ page, t }) {
  await field(page, t("setup.admin_name")).fill(PERSON.name);
  await field(page, t("setup.email")).fill(PERSON.email);
  await page.getByLabel(t("setup.password")).and(page.locator("input")).fill(PERSON.password);
  await button(page, t("setup.finish")).click();
  await heading(page, t("sites.title")).waitFor();
}

export async function signIn({ page, t }, password = PERSON.password, email = PERSON.email) {
  await field(page, t("setup.email")).fill(email);
  await page.getByLabel(t("setup.password")).and(page.locator("input")).fill(password);
  await button(page, t("session.submit")).click();
}

export async function signOut({ page, t }) {
  await page.getByRole("button", { name: t("nav.menu") }).click();
  await button(page, t("nav.sign_out")).click();
  await heading(page, t("session.title")).waitFor();
}

export async function addSite({ page, t }, name, address = "") {
  await button(page, t("sites.add")).click();
  const dialog = page.getByRole("dialog", { name: t("sites.add") });
  await field(dialog, t("sites.name")).fill(name);
  await field(dialog, t("sites.address")).fill(address);
  await button(dialog, t("do.add")).click();
  await heading(page, name).waitFor();
}

export const scanDialog = ({ page, t }) => page.getByRole("dialog", { name: t("scan.title") });

/** Opens the dialog that adds devices; with `way` it leaves the camera for "picture", "text" or "manual". */
export async function openScan(person, way) {
  const { page, t } = person;
  await button(page, t("devices.scan")).click();
  const dialog = scanDialog(person);
  await dialog.waitFor();
  if (way) await chooseWay(person, way);
  return dialog;
}

export async function chooseWay(person, way) {
  await scanDialog(person).getByText(person.t(`scan.${way}`), { exact: true }).click();
}

/** Opens the dialog that adds a device by its address, the way a person gets there. */
export async function openAddByAddress(person) {
  const { page, t } = person;
  const dialog = await openScan(person, "manual");
  await button(dialog, t("devices.add_by_address")).click();
  const byAddress = page.getByRole("dialog", { name: t("devices.add_by_address") });
  await byAddress.waitFor();
  return byAddress;
}

/** Adds a device by its address, under its own name or another. */
export async function addByAddress(person, { address, port, user, password, name: own }, name = own) {
  const { page, t } = person;
  const dialog = await openAddByAddress(person);
  await field(dialog, t("devices.name")).fill(name);
  await field(dialog, t("devices.host")).fill(address);
  await field(dialog, t("devices.port")).fill(String(port));
  await field(dialog, t("devices.user")).fill(user);
  await dialog.getByLabel(t("devices.password")).and(page.locator("input")).fill(password);
  await button(dialog, t("do.add")).click();
  await dialog.waitFor({ state: "hidden" });
}

export const pictureField = (person) =>
  scanDialog(person).locator(`input[type=file][aria-label="${person.t("scan.choose_file")}"]`);

export async function pasteCode(person, text) {
  const dialog = scanDialog(person);
  await field(dialog, person.t("scan.text_label")).fill(text);
  await button(dialog, person.t("scan.read")).click();
}

export async function unlock(person, password = QR_PASSWORD) {
  const dialog = scanDialog(person);
  await dialog.getByLabel(person.t("scan.password")).and(person.page.locator("input")).fill(password);
  await button(dialog, person.t("scan.unlock")).click();
}

export const devicesOf = ({ page, t }) => page.getByRole("region", { name: t("devices.title") });

/** The card of a device on the site's page. */
export const deviceCard = (person, name) =>
  devicesOf(person).getByRole("listitem").filter({ has: person.page.getByRole("link", { name, exact: true }) });

/** Ends when the site's page shows the device in that health. */
export async function showsHealth(person, name, health) {
  const text = person.t(`health.${health}`);
  await deviceCard(person, name).getByText(text, { exact: true }).first().waitFor({ timeout: 60_000 });
}
