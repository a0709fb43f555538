// The report of a site: span and choices, files, and the charts of a device; light and dark, wide and on a phone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

describe("a report is read, chosen and taken along", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.36.1"], ["ru", "127.40.37.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--profile", "nvr", "--devices", "1", "--first", first]);
      await accessibleWalk(scene, language, 4, (person, look) => walk(scene, language, person, look));
    });
  }
});

async function walk({ server, simulator }, language, person, look) {
  const { page, t } = person;
  const [recorder] = simulator.devices;
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  await addByAddress(person, recorder);
  await showsHealth(person, recorder.name, "healthy");
  const site = page.url().split("?")[0];

  await page.getByRole("link", { name: recorder.name, exact: true }).click();
  const bars = page.getByRole("region", { name: t("history.title") });
  await bars.getByRole("img", { name: t("chart.beats") }).waitFor();
  await bars.getByText(t("chart.d30"), { exact: true }).click();
  await bars.getByRole("img", { name: t("chart.beats_days") }).waitFor();
  await bars.getByText(t("chart.table"), { exact: true }).click();
  await bars.getByRole("columnheader", { name: t("chart.unknown") }).waitFor();
  assert.ok(await bars.getByRole("row").count() >= 30, "a row a day");
  await look("the bars of a device, as a table too");

  await page.goto(site);
  await page.getByRole("link", { name: t("report.open"), exact: true }).click();
  await heading(page, t("report.title")).waitFor();
  const devices = page.getByRole("region", { name: t("report.devices") });
  await devices.getByRole("link", { name: recorder.name, exact: true }).waitFor();
  await page.getByText(t("report.maintenance_excluded")).waitFor();
  await look("the report of the last thirty days");

  await page.getByRole("radiogroup", { name: t("report.while_link") }).getByText(t("report.count_down"), { exact: true }).click();
  await page.getByText(t("report.links_down")).waitFor();
  assert.match(page.url(), /links=down/);
  await page.reload();
  await page.getByText(t("report.links_down")).waitFor();

  const span = page.getByRole("region", { name: t("report.span"), exact: true });
  await span.getByRole("combobox", { name: t("report.span") }).or(span.getByLabel(t("report.span"), { exact: true }).and(page.locator("input"))).first().click();
  await page.getByRole("option", { name: t("report.custom") }).click();
  await span.getByLabel(t("report.from"), { exact: false }).and(page.locator("input[type=date]")).first().waitFor();
  await look("days of one's own");

  const file = async (link) => {
    const waiting = page.waitForEvent("download");
    await link.click();
    const download = await waiting;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const pdf = await file(page.getByRole("link", { name: t("report.pdf"), exact: true }));
  assert.match(pdf.name, /^Harbour .*\.pdf$/);
  assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");
  await button(page, t("report.csv")).click();
  await look("the tables to take along");
  const csv = await file(page.getByRole("menuitem", { name: t("report.csv_devices"), exact: true }));
  const text = csv.bytes.toString("utf8");
  assert.ok(text.startsWith("\ufeffdevice,id,kind,"), text.slice(0, 60));
  assert.ok(text.includes(recorder.name) && text.includes(",down,"), "the choice stands in each row");

  await page.emulateMedia({ media: "print" });
  assert.ok(await page.getByText(t("report.choose"), { exact: true }).isHidden(), "choices are not printed");
  assert.ok(await devices.isVisible());
  await page.emulateMedia({ media: "screen" });
}
