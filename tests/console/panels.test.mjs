// An alarm panel as an installer sees it: added, armed past an open door, its accounts looked after, and left with a proof.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import {
  accountLine, areas, beginWithPanel, compareNow, controlButton, openAccounts, openPanels, zoneRow,
} from "./support/panels.mjs";
import { until } from "./support/patience.mjs";
import { openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { addByAddress, button, heading, signIn, signOut } from "./support/steps.mjs";

const SITE = "Villa Brandt";
const PANEL = "Panel in the hall";
const SLOW = { timeout: 60_000 };

let scene;
let person;
let panelPage;
before(async () => {
  scene = await openPanels({ first: "127.44.0.1", devices: 2 });
  person = await openWindow(scene);
});
after(() => scene?.end());
afterEach((context) => showFailure(context, person));

const panelNames = async () => (await scene.simulator.accounts(0)).map(({ name }) => name);

test("a panel is added by its address and shows its areas, zones and power", async () => {
  const { page, t } = person;
  await beginWithPanel(scene, person, { site: SITE, panel: PANEL });
  panelPage = page.url();
  await areas(person).getByText(t("panel_arm.disarmed")).first().waitFor(SLOW);
  await areas(person).getByText(/^Measured/).waitFor();
  await zoneRow(person, "Front door").getByText(t("panel_zone.closed")).waitFor();
  await page.getByRole("region", { name: t("panel.power") }).getByText(t("panel.mains_on")).waitFor();
  await page.getByRole("region", { name: t("panel.peripherals") }).getByText(t("panel_peripheral.siren")).first().waitFor();
});

test("a door that opens shows by itself", async () => {
  const { t } = person;
  await scene.simulator.change(0, { panel: { zones: { 0: { open: true } } } });
  await zoneRow(person, "Front door").getByText(t("panel_zone.open"), { exact: true }).waitFor(SLOW);
});

test("an area with an open door is not armed, says which one, and is armed with the door left out", async () => {
  const { page, t } = person;
  await controlButton(person, "away", "Area 1").click();
  const refusal = page.getByRole("alert").filter({ hasText: t("panel.open_title", { area: "Area 1" }) });
  await refusal.getByText("Front door").waitFor();
  assert.equal((await scene.simulator.state(0)).panel.arming[1], "disarm");

  await button(refusal, t("panel.bypass_and_arm")).click();
  await areas(person).getByText(t("panel.said_away", { area: "Area 1" })).waitFor();
  await zoneRow(person, "Front door").getByText(t("panel.bypassed")).waitFor();
  const { panel } = await scene.simulator.state(0);
  assert.equal(panel.arming[1], "away");
  assert.deepEqual(panel.zones_bypassed, [0]);
});

test("disarming asks first", async () => {
  const { page, t } = person;
  await controlButton(person, "disarm", "Area 1").click();
  const dialog = page.getByRole("dialog", { name: t("panel.disarm_title", { area: "Area 1" }) });
  await button(dialog, t("do.cancel")).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await scene.simulator.state(0)).panel.arming[1], "away");
  await controlButton(person, "disarm", "Area 1").click();
  await button(dialog, t("panel.disarm")).click();
  await areas(person).getByText(t("panel.said_disarm", { area: "Area 1" })).waitFor();
  assert.equal((await scene.simulator.state(0)).panel.arming[1], "disarm");
});

test("whoever should have an account has one, and gets their own password when they sign in", async () => {
  const { page, t } = person;
  await openAccounts(person);
  await accountLine(person, PERSON.name).getByText(t("account_state.waiting_for_sign_in")).waitFor(SLOW);
  assert.ok((await panelNames()).includes(PERSON.email));
  await signOut(person);
  await signIn(person);
  await heading(page, t("sites.title")).waitFor();
  await page.goto(`${panelPage}/accounts`);
  await accountLine(person, PERSON.name).getByText(t("account_state.there"), { exact: true }).waitFor(SLOW);
  const own = (await scene.simulator.accounts(0)).find(({ name }) => name === PERSON.email);
  assert.equal(own.password, PERSON.password);
});

test("an account made on the panel by hand is told, and taken off on order only", async () => {
  const { page, t } = person;
  await scene.simulator.change(0, { panel: { add_accounts: [{ name: "ghost", role: "installerEmployee", password: "Boo-boo-11" }] } });
  await compareNow(person);
  const told = page.getByRole("group").filter({ hasText: t("account.unexpected_title", { count: 1 }) });
  await told.getByText("ghost").waitFor(SLOW);
  assert.ok((await panelNames()).includes("ghost"));

  await button(told, t("panel.button", { action: t("account.remove"), name: "ghost" })).click();
  const dialog = page.getByRole("dialog", { name: t("account.remove_title", { name: "ghost" }) });
  await button(dialog, t("account.remove")).click();
  await told.waitFor({ state: "detached", ...SLOW });
  // The page tells of an order at once; carrying it out takes a visit to the panel.
  await until("the account is off the panel", async () => !(await panelNames()).includes("ghost"));
});

test("a panel that is off cannot be compared, which is said", async () => {
  const { page, t } = person;
  await scene.simulator.change(0, { power: false });
  await compareNow(person);
  await page.getByText(t("account.not_compared")).waitFor(SLOW);
  await scene.simulator.change(0, { power: true });
  await compareNow(person);
  await page.getByText(t("account.not_compared")).waitFor({ state: "detached", ...SLOW });
});

test("a deleted panel is left without accounts of the staff, and the proof of it can be printed", async () => {
  const { page, t } = person;
  await page.goto(panelPage);
  await heading(page, PANEL).waitFor();
  await button(page, t("operation.menu")).click();
  await page.getByRole("menuitem", { name: t("operation.delete") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(t("devices.delete_text_panel")).waitFor();
  await button(dialog, t("do.delete")).click();
  await heading(page, SITE).waitFor();
  await page.getByText(t("exit.of_clean", { name: PANEL })).waitFor(SLOW);
  assert.deepEqual((await panelNames()).filter((name) => name.includes("@")), []);

  await page.getByRole("link", { name: t("exit.show_proof") }).click();
  const proof = page.getByRole("article", { name: t("exit.title_clean") });
  await proof.getByRole("row").filter({ hasText: PERSON.name }).getByText(PERSON.email).waitFor();
  await proof.getByText(SITE).waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByRole("navigation").isVisible(), false);
  assert.equal(await proof.isVisible(), true);
  await proof.getByText(/^Read back from the panel/).waitFor();
  assert.ok((await page.pdf()).length > 5_000);
  await page.emulateMedia({ media: null });

  await page.goto("/panel-exits");
  await page.getByRole("list", { name: t("exit.title") }).getByText(t("exit_state.clean")).waitFor();
});

test("a site that is deleted with its panel tells of the panel's accounts on the list of sites", async () => {
  const { page, t } = person;
  await page.goto("/sites");
  await page.getByRole("link", { name: SITE, exact: true }).click();
  await heading(page, SITE).waitFor();
  await addByAddress(person, scene.simulator.devices[1], "Panel in the shed");
  await page.getByRole("link", { name: "Panel in the shed", exact: true }).click();
  await openAccounts(person);
  await accountLine(person, PERSON.name).getByText(t("account_state.waiting_for_sign_in")).waitFor(SLOW);
  await page.goto("/sites");
  await page.getByRole("link", { name: SITE, exact: true }).click();
  await button(page, t("sites.actions")).click();
  await page.getByRole("menuitem", { name: t("sites.delete") }).click();
  await button(page.getByRole("dialog"), t("do.delete")).click();
  await heading(page, t("sites.title")).waitFor();
  await page.getByText(t("exit.of_clean", { name: "Panel in the shed" })).waitFor(SLOW);
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual(person.troubles, []);
});
