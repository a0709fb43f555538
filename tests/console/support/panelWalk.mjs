// A walk past alarm panels, their accounts, the managers of sites and the proofs of exit; `look(name)` is called at each place.
import {
  accountLine, areas, beginWithPanel, compareNow, controlButton, openAccounts, zoneRow,
} from "./panels.mjs";
import { PERSON } from "./scene.mjs";
import { button, heading } from "./steps.mjs";
import { rest } from "./walk.mjs";

const SITE = "Villa Brandt";
const PANEL = "Panel in the hall";
const SLOW = { timeout: 60_000 };

export async function walkPanels(scene, person, see) {
  const { page, t } = person;
  const { simulator } = scene;
  const look = async (name) => {
    await rest(page);
    await see(name);
  };
  const closeDialog = async () => {
    await button(page.getByRole("dialog"), t("do.close")).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  };

  await beginWithPanel(scene, person, { site: SITE, panel: PANEL });
  const panelPage = page.url();
  await areas(person).getByText(t("panel_arm.disarmed")).first().waitFor(SLOW);
  await look("alarm panel");
  await simulator.change(0, { panel: {
    zones: { 0: { open: true }, 1: { alarm: true }, 2: { tamper: true }, 3: { offline: true }, 4: { battery_low: true }, 5: { bypassed: true } },
    mains: false, battery: "missing", links_down: ["mobile"], sirens_offline: [1], arming: { 2: "stay" },
  } });
  await zoneRow(person, "Front door").getByText(t("panel_zone.open"), { exact: true }).waitFor(SLOW);
  await look("alarm panel, much at once");
  await controlButton(person, "away", "Area 1").click();
  await page.getByRole("alert").getByText("Front door").waitFor();
  await look("alarm panel, not armed");
  await controlButton(person, "disarm", "Area 2").click();
  await page.getByRole("dialog").waitFor();
  await look("disarm an area");
  await closeDialog();

  await openAccounts(person);
  await accountLine(person, PERSON.name).waitFor(SLOW);
  await look("accounts of a panel");
  await simulator.change(0, { panel: { add_accounts: [{ name: "ghost", role: "installerEmployee", password: "Boo-boo-11" }] } });
  await compareNow(person);
  await page.getByText(t("account.unexpected_title", { count: 1 })).waitFor(SLOW);
  await look("an account that nobody should have");
  await button(page, t("panel.button", { action: t("account.remove"), name: "ghost" })).click();
  await page.getByRole("dialog").waitFor();
  await look("take an account off");
  await closeDialog();

  await page.goto("/panel-exits");
  await page.getByText(t("exit.none"), { exact: true }).waitFor();
  await look("deleted panels, none");
  await page.goto("/sites");
  await button(page, t("managers.assign")).click();
  await page.getByRole("checkbox", { name: new RegExp(SITE) }).check();
  await look("tick sites");
  await button(page, t("managers.choose")).click();
  await page.getByRole("dialog").waitFor();
  await page.getByRole("combobox", { name: t("managers.add") }).or(page.getByRole("textbox", { name: t("managers.add") })).first().fill("Anna");
  await page.getByRole("option").first().click();
  await page.getByText(t("managers.idle_manages_all_sites")).waitFor();
  await look("choose managers");
  await closeDialog();

  await simulator.change(0, { power: false });
  await page.goto(`${panelPage}/accounts`);
  await compareNow(person);
  await page.getByText(t("account.not_compared")).waitFor(SLOW);
  await look("accounts of a panel that is off");
  await page.goto(panelPage);
  await page.getByText(t("panel.stale_title")).waitFor(SLOW);
  await look("alarm panel, not read for long");
  await button(page, t("operation.menu")).click();
  await page.getByRole("menuitem", { name: t("operation.delete") }).click();
  await page.getByRole("dialog").waitFor();
  await look("delete a panel");
  await button(page.getByRole("dialog"), t("do.delete")).click();
  await heading(page, SITE).waitFor();
  await page.getByText(t("exit.of_running", { name: PANEL })).waitFor(SLOW);
  await look("site, a panel is leaving");
  await page.getByRole("link", { name: t("exit.show_proof") }).click();
  await page.getByRole("article", { name: t("exit.title_running") }).waitFor();
  await look("exit, going on");
  await button(page, t("exit.give_up")).click();
  await page.getByRole("dialog").waitFor();
  await look("give an exit up");
  await closeDialog();
  await simulator.change(0, { power: true });
  // The pauses between its tries have doubled all the while.
  await page.getByRole("article", { name: t("exit.title_clean") }).waitFor({ timeout: 600_000 });
  await look("proof of exit");
  await page.goto("/panel-exits");
  await page.getByRole("list", { name: t("exit.title") }).waitFor();
  await look("deleted panels");
}
