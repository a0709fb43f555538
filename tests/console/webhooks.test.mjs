// Webhooks: made with a receiver of one's own, tested, told of a new site with a signature that holds, seen to fail and to
// recover; all of it accessible.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { until } from "./support/patience.mjs";
import { openReceiver } from "./support/receiver.mjs";
import { openScene } from "./support/scene.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

/** As docs/webhooks.md says it. */
function holds(secret, { headers, body }) {
  const signed = Buffer.concat([Buffer.from(`${headers["siteward-id"]}.${headers["siteward-timestamp"]}.`), body]);
  return headers["siteward-signature"] === `v1=${createHmac("sha256", secret).update(signed).digest("hex")}`;
}

describe("webhooks are made, tried and looked at, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.20.1"], ["ru", "127.40.21.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openScene({ first, camera: false });
      context.after(scene.end);
      const hook = await openReceiver();
      context.after(hook.close);
      await accessibleWalk(scene, language, 7, (person, look) => walk(scene, person, look, hook));
    });
  }
});

async function walk(scene, person, look, hook) {
  const { page, t } = person;
  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
  await page.goto("/company");
  await page.getByRole("link", { name: t("webhooks.card_open") }).click();
  await heading(page, t("webhooks.title")).waitFor();
  await page.getByText(t("webhooks.none"), { exact: true }).waitFor();
  await look("no webhook");

  await button(page, t("webhooks.add")).click();
  const making = page.getByRole("dialog", { name: t("webhooks.add") });
  await button(making, t("webhooks.make")).click();
  await making.getByText(t("form.required")).waitFor();
  await field(making, t("webhooks.name")).fill("Service desk");
  await making.getByRole("textbox", { name: t("webhooks.url") }).fill(hook.url);
  await making.getByRole("checkbox", { name: t("webhooks.all_kinds") }).uncheck();
  await making.getByRole("checkbox", { name: t("event_kind.site_created") }).check();
  await look("a new webhook");
  await button(making, t("webhooks.make")).click();

  const secretDialog = page.getByRole("dialog", { name: t("webhooks.secret_title") });
  const secret = (await secretDialog.getByText(/whsec_/).first().innerText()).trim();
  await look("the secret");
  await button(secretDialog, t("do.done")).click();

  const panel = page.getByRole("region", { name: "Service desk" });
  await button(panel, t("webhooks.test")).click();
  await panel.getByText(t("webhooks.test_taken")).waitFor();
  assert.ok(holds(secret, hook.told.at(-1)), "the test is signed with the secret that was shown");
  await look("a test that was taken");

  hook.answer.status = 500;
  await page.goto("/");
  await addSite(person, "Harbour");
  await until("the event", () => hook.told.length > 1);
  await page.goto("/webhooks");
  await panel.getByText(t("webhook_state.failing"), { exact: true }).waitFor();
  await button(panel, t("webhooks.deliveries")).click();
  await panel.getByRole("row").getByText(t("event_kind.site_created")).waitFor();
  await panel.getByRole("row").getByText(t("delivery_state.waiting")).waitFor();
  await look("a receiver that takes nothing");

  hook.answer.status = 204;
  // The pauses between its tries have doubled all the while.
  await panel.getByRole("row").getByText(t("delivery_state.delivered")).waitFor({ timeout: 300_000 });
  const last = hook.told.at(-1);
  assert.ok(holds(secret, last), "signed as documented");
  assert.equal(JSON.parse(String(last.body)).site.name, "Harbour");
  last.body[0] ^= 1;
  assert.ok(!holds(secret, last), "and one changed byte is refused");

  await button(panel, t("webhooks.replay")).click();
  const again = page.getByRole("dialog", { name: t("webhooks.replay") });
  await look("tell once more");
  const before = hook.told.length;
  await button(again, t("webhooks.replay_do")).click();
  await until("the event once more", () => hook.told.length > before);
  assert.equal(hook.told.at(-1).headers["siteward-id"], last.headers["siteward-id"]);
  await again.getByText(t("do.close"), { exact: true }).last().click();

  await button(panel, t("do.delete")).click();
  const deleting = page.getByRole("dialog");
  await look("delete a webhook");
  await button(deleting, t("do.delete")).click();
  await page.getByText(t("webhooks.none"), { exact: true }).waitFor();
}
