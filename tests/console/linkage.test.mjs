// Linkage rules as an installer sets them up: from a template, tried on the past, fired by a camera, looked at, and rested.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { callApi } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading, showsHealth } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

const SLOW = { timeout: 60_000 };

describe("a rule is set up and does what it says, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.46.16.1"], ["ru", "127.46.17.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--devices", "3", "--first", first], { SITEWARD__POLLING__PERIOD_SECONDS: "1" });
      await accessibleWalk(scene, language, 7, (person, look) => walk(scene, person, look));
    });
  }
});

/** The camera tells of an intrusion, as long as the test lets it. */
const alarm = (simulator) => simulator.change(0, { event: [{ word: "fielddetection", channel: 1 }] });

async function walk({ server, simulator }, person, look) {
  const { page, t } = person;
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  const site = page.url().split("/").at(-1);
  for (const [place, name] of ["Gate", "Yard", "Quay"].entries()) {
    const { address, port, user, password } = simulator.devices[place];
    await callApi(person, "POST", `/sites/${site}/devices`, { name, host: address, port, user_name: user, password });
  }
  await page.reload();
  await showsHealth(person, "Gate", "healthy");

  const card = page.getByRole("region", { name: t("linkage.title") });
  await card.getByRole("link", { name: t("linkage.set_up") }).click();
  await heading(page, t("linkage.title")).waitFor();
  await page.getByText(t("linkage.none"), { exact: true }).waitFor();
  await look("a site without rules");

  await button(page, t("linkage.add")).click();
  const templates = page.getByRole("dialog", { name: t("linkage.begin_with") });
  assert.ok(await templates.getByRole("button", { name: new RegExp(t("linkage_template.visitor_calling")) }).isDisabled());
  await look("templates");
  await templates.getByRole("button", { name: new RegExp(`^${t("linkage_template.intrusion")}`) }).click();

  let editor = page.getByRole("dialog", { name: t("linkage.add"), exact: true });
  assert.equal(await field(editor, new RegExp(`^${t("linkage.name")}`)).inputValue(), t("linkage_template.intrusion"));
  await look("the editor, filled in by a template");
  await editor.getByText(t("linkage.always"), { exact: true }).click();
  await button(editor, t("linkage.try")).click();
  await editor.getByText(t("linkage.would", { count: 0 })).waitFor();
  await editor.getByText(t("linkage.told_nothing")).waitFor();
  await button(editor, t("do.add")).click();
  await editor.waitFor({ state: "hidden" });

  const rule = page.getByRole("list", { name: t("linkage.title") }).getByRole("listitem").first();
  await rule.getByText(t("linkage_state.works"), { exact: true }).waitFor(SLOW);
  await rule.getByText(t("linkage.never_fired")).waitFor();
  await look("a rule that is ready");

  await alarm(simulator);
  const firing = page.getByRole("region", { name: t("linkage.firings") }).getByRole("listitem").first();
  await firing.getByText(t("linkage_action_state.done"), { exact: true }).first().waitFor(SLOW);
  await firing.getByRole("button", { name: t("linkage.enlarge", { name: "Quay" }) }).or(firing.getByRole("button", { name: t("linkage.enlarge", { name: "Yard" }) })).first().waitFor(SLOW);
  await look("what the rule did, with pictures");
  await firing.getByRole("button", { name: /./ }).first().click();
  await page.getByRole("dialog").locator("img").waitFor();
  await page.keyboard.press("Escape");
  assert.ok((await simulator.state(1)).linked.times + (await simulator.state(2)).linked.times > 0);

  await button(rule, t("linkage.edit_of", { name: t("linkage_template.intrusion") })).click();
  editor = page.getByRole("dialog", { name: t("linkage.edit_title") });
  await button(editor, t("linkage.try")).click();
  await editor.getByText(t("linkage.would", { count: 1 })).waitFor();
  await look("how often it would have fired");
  await button(editor, t("do.cancel")).click();

  const { items } = await callApi(person, "GET", `/devices?site_id=${site}`);
  await callApi(person, "PUT", `/devices/${items.find(({ name }) => name === "Gate").id}/monitoring`, { on: false });
  await rule.getByText(t("linkage_state.invalid"), { exact: true }).waitFor(SLOW);
  await rule.getByText(t("linkage_trouble.monitoring_off", { device: "Gate" })).waitFor();
  await look("a rule that cannot work, and why");

  await button(rule, t("linkage.delete_of", { name: t("linkage_template.intrusion") })).click();
  await button(page.getByRole("dialog", { name: t("linkage.delete_title", { name: t("linkage_template.intrusion") }) }), t("do.delete")).click();
  await page.getByText(t("linkage.none"), { exact: true }).waitFor();
  await page.getByRole("region", { name: t("linkage.firings") }).getByText(t("linkage_template.intrusion")).first().waitFor();
}
