// What tests of alarm panels play in: simulated panels, a server that looks at them often, a browser; and what people do with panels.
import { openBrowser } from "./browser.mjs";
import { startServer, startSimulator } from "./programs.mjs";
import { freeDevicePort } from "./scene.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading } from "./steps.mjs";

/** Starts panels, a server and a browser; `end` ends them, also when the start went wrong half-way. */
export async function openPanels({ first, devices = 1, environment = {} }) {
  const ends = [];
  const end = async () => {
    for (const one of ends.splice(0).reverse()) await one();
  };
  try {
    const port = await freeDevicePort(first);
    const simulator = await startSimulator(["--profile", "panel", "--devices", String(devices), "--first", first, "--port", String(port)]);
    ends.push(simulator.stop);
    const browser = await openBrowser();
    ends.push(() => browser.close());
    const server = await startServer({ SITEWARD__POLLING__PANEL_SECONDS: "2", ...environment });
    ends.push(server.stop);
    return { simulator, browser, server, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A company, a site, and the first panel on it, added by its address; ends on the panel's page. */
export async function beginWithPanel(scene, person, { site, panel }) {
  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
  await addSite(person, site);
  await addByAddress(person, scene.simulator.devices[0], panel);
  await person.page.getByRole("link", { name: panel, exact: true }).click();
  await heading(person.page, panel).waitFor();
}

export const areas = ({ page, t }) => page.getByRole("region", { name: t("panel.areas") });
export const zones = ({ page, t }) => page.getByRole("region", { name: t("panel.zones") });

/** A button of an area or a zone, by what it does and to what. */
export const controlButton = (person, action, name) =>
  button(person.page, person.t("panel.button", { action: person.t(`panel.${action}`), name }));

export const zoneRow = (person, name) => zones(person).getByRole("row").filter({ has: person.page.getByRole("rowheader", { name }) });

export async function openAccounts(person) {
  const { page, t } = person;
  await page.getByRole("region", { name: t("account.title") }).getByRole("link", { name: t("account.open") }).click();
  await heading(page, t("account.title")).waitFor();
}

/** A person's line among the accounts. */
export const accountLine = ({ page, t }, name) =>
  page.getByRole("region", { name: t("account.people_title") }).getByRole("listitem").filter({ hasText: name });

export const compareNow = ({ page, t }) => button(page, t("account.compare")).click();
