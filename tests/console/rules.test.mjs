// Who is told, and when not: rules, maintenance, filters of exceptions and the daily summary, each as a person uses them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

describe("who is told, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.44.1"], ["ru", "127.40.45.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--site", "routed", "--first", first]);
      await accessibleWalk(scene, language, 8, (person, look) => walk(scene, person, look));
    });
  }
});

async function walk({ simulator, server }, person, look) {
  const { page, t } = person;
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  const site = page.url();
  const rules = page.getByRole("region", { name: t("rules.title") });
  const both = (one, other) => t("rules.and", { list: t(one), last: t(other) });
  const usual = t("rules.sentence", {
    who: both("rules.to_site_managers", "rules.to_admin"), after: t("rules.at_once"),
    what: both("rules.all_critical", "rules.all_warning"), of: "",
  });
  await rules.getByText(usual, { exact: true }).waitFor();
  await look("the rule that a site begins with");

  await makeRule(person, rules, look);
  await switchOff(person, rules, usual);
  await maintain(person, look);
  await breakCamera(person, simulator, site, look);
  await summary(person, look);
}

/** A rule with a kind, a threshold and hours of its own; what is missing is said first. */
async function makeRule({ page, t }, rules, look) {
  await button(rules, t("rules.add")).click();
  const dialog = page.getByRole("dialog", { name: t("rules.add") });
  await dialog.getByLabel(t("rules.tick_critical"), { exact: true }).uncheck();
  await dialog.getByLabel(t("rules.tick_managers"), { exact: true }).uncheck();
  await button(dialog, t("rules.make")).click();
  await dialog.getByText(t("rules.what_needed")).waitFor();
  await dialog.getByText(t("rules.who_needed")).waitFor();
  await look("a rule of which something is missing");
  await dialog.getByLabel(t("rules.tick_warning"), { exact: true }).check();
  await dialog.getByLabel(t("rules.tick_admin"), { exact: true }).check();
  await dialog.getByLabel(t("rules.threshold"), { exact: true }).selectOption("30");
  await dialog.getByLabel(t("rules.schedule"), { exact: true }).selectOption("own");
  const period = dialog.getByRole("group", { name: t("rules.period", { n: 1 }) });
  await period.getByLabel(t("rules.until"), { exact: true }).fill("08:00");
  await button(dialog, t("rules.make")).click();
  await dialog.getByText(t("rules.time_same")).waitFor();
  await period.getByLabel(t("rules.until"), { exact: true }).fill("12:30");
  await look("a rule with hours of its own");
  await button(dialog, t("rules.make")).click();
  await dialog.waitFor({ state: "hidden" });
  const said = t("rules.sentence", {
    who: t("rules.to_admin"), after: t("rules.after", { span: t("span.minutes", { n: 30 }) }), what: t("rules.all_warning"), of: "",
  });
  await rules.getByText(said, { exact: true }).waitFor();
  await rules.getByText(`${t("day_short.monday")}–${t("day_short.friday")} 08:00–12:30`).waitFor();
  await button(rules, t("rules.delete_of", { rule: said })).click();
  const asked = page.getByRole("dialog", { name: t("rules.delete_title") });
  await button(asked, t("do.delete")).click();
  await rules.getByText(said, { exact: true }).waitFor({ state: "hidden" });
}

async function switchOff({ t }, rules, usual) {
  const on = rules.getByRole("switch", { name: t("rules.on_of", { rule: usual }) });
  await on.click({ force: true });
  await rules.getByText(t("rules.silent")).waitFor();
  await on.click({ force: true });
  await rules.getByText(t("rules.silent")).waitFor({ state: "hidden" });
}

/** Begun for two hours, ended; planned for every week, cancelled. */
async function maintain({ page, t }, look) {
  const card = page.getByRole("region", { name: t("maintenance.title") });
  await button(card, t("maintenance.begin")).click();
  await page.getByRole("menuitem", { name: t("maintenance.now_for", { count: 2 }) }).click();
  await page.getByText(t("maintenance.quiet")).waitFor();
  await look("a site in maintenance");
  await button(page, t("maintenance.end")).click();
  await page.getByText(t("maintenance.quiet")).waitFor({ state: "hidden" });
  await button(card, t("maintenance.begin")).click();
  await page.getByRole("menuitem", { name: t("maintenance.plan") }).click();
  const dialog = page.getByRole("dialog", { name: t("maintenance.plan_title") });
  await dialog.getByLabel(t("maintenance.every_week")).check();
  await dialog.getByLabel(t("maintenance.note")).fill("Cleaning");
  await look("maintenance to plan");
  await button(dialog, t("maintenance.make")).click();
  await dialog.waitFor({ state: "hidden" });
  await card.getByText("Cleaning").waitFor();
  await look("maintenance that is planned");
  await button(card, t("maintenance.cancel")).click();
  await card.getByText("Cleaning").waitFor({ state: "hidden" });
}

/** A camera goes off, and is found by its severity, its site and its time. */
async function breakCamera(person, simulator, site, look) {
  const { page, t } = person;
  const camera = simulator.devices[1];
  await addByAddress(person, camera);
  await showsHealth(person, camera.name, "healthy");
  await simulator.change(1, { power: false });
  await page.goto("/exceptions");
  await heading(page, t("exceptions.title")).waitFor();
  const row = page.getByRole("listitem").filter({ hasText: t("exception_kind.device_offline") });
  await row.waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: t("exceptions.more_filters") }).click();
  await page.getByLabel(t("exceptions.severity"), { exact: true }).selectOption("info");
  await row.waitFor({ state: "hidden" });
  await page.getByLabel(t("exceptions.severity"), { exact: true }).selectOption("critical");
  await page.getByLabel(t("exceptions.time"), { exact: true }).selectOption("day");
  await row.waitFor();
  await page.getByRole("combobox", { name: t("exceptions.site") }).or(page.getByRole("textbox", { name: t("exceptions.site") })).first().click();
  await page.getByRole("option", { name: "Harbour" }).click();
  await row.waitFor();
  assert.ok(new URL(page.url()).searchParams.get("site"), "a view can be sent to a colleague");
  await look("exceptions, narrowed");
  await page.goto(site);
}

/** Every day at another time, kept. */
async function summary({ page, t }, look) {
  await page.goto("/profile");
  const card = page.getByRole("region", { name: t("summary.title") });
  await card.getByLabel(t("summary.mode"), { exact: true }).selectOption("always");
  await card.getByLabel(t("summary.time"), { exact: true }).fill("06:30");
  await button(card, t("do.save")).click();
  await card.getByText(t("company.saved")).waitFor();
  await look("the daily summary");
  await page.reload();
  await card.getByLabel(t("summary.time"), { exact: true }).waitFor();
  assert.equal(await card.getByLabel(t("summary.time"), { exact: true }).inputValue(), "06:30");
}
