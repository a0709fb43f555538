// Who leaves the company leaves its alarm panels: seen on their page, on the panel itself, and on paper.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { beginWithPanel, openPanels } from "./support/panels.mjs";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { COMPANY, openWindow, showFailure } from "./support/scene.mjs";
import { button } from "./support/steps.mjs";
import { callApi, join, memberLine, openMember, orderOn, setMailServer } from "./support/staffSteps.mjs";

const BERND = { name: "Bernd Voss", email: "bernd.voss@keller.example", password: "Correct-battery8" };
const SITE = "Villa Brandt";
const PANEL = "Panel in the hall";
const SLOW = { timeout: 60_000 };

let scene;
let postbox;
let anna;
before(async () => {
  postbox = await openPostbox();
  scene = await openPanels({ first: "127.40.14.1" });
  anna = await openWindow(scene);
  await beginWithPanel(scene, anna, { site: SITE, panel: PANEL });
  await setMailServer(anna, postbox);
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach((context) => showFailure(context, anna));

const panels = () => anna.page.getByRole("region", { name: anna.t("member_panels.title") });
const namesOnPanel = async () => (await scene.simulator.accounts(0)).map(({ name }) => name);

test("whose role manages all sites gets an account on the panel, and their page says so", async () => {
  const { items: roles } = await callApi(anna, "GET", "/roles");
  const role_id = roles.find(({ name }) => name === "Manager").id;
  await callApi(anna, "POST", "/staff_invitations", { email: BERND.email, name: BERND.name, role_id, language: "en" });
  const bernd = await openWindow(scene);
  await join(bernd, linkIn(await postbox.mailTo(BERND.email), "/join/"), BERND.password);
  await bernd.context.close();
  await openMember(anna, BERND.name);
  await panels().getByRole("link", { name: PANEL }).waitFor(SLOW);
  await panels().getByText(anna.t("account_state.waiting_for_sign_in"), { exact: true }).waitFor(SLOW);
  assert.ok((await namesOnPanel()).includes(BERND.email));
  await anna.page.goto("/staff");
  await memberLine(anna, BERND.name).getByText(anna.t("staff.panels", { count: 1 })).waitFor();
});

test("who is disabled is taken off the panel, and the proof of it can be printed", async () => {
  const { page, t } = anna;
  await openMember(anna, BERND.name);
  await orderOn(anna, "disable");
  await panels().getByText(t("member_panels.off_all")).waitFor(SLOW);
  await panels().getByRole("list", { name: t("member_panels.removed") }).getByText(PANEL).waitFor();
  assert.ok(!(await namesOnPanel()).includes(BERND.email));

  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await button(page, t("member_panels.print")).click();
  await page.waitForFunction(() => window.printed);
  await page.emulateMedia({ media: "print" });
  const sheet = await page.locator(".print-sheet").innerText();
  for (const said of [BERND.name, BERND.email, COMPANY, PANEL, SITE, t("member_panels.proof_on_none")]) assert.ok(sheet.includes(said), said);
  assert.equal(await page.locator("#content").isVisible(), false);
  await page.emulateMedia({ media: "screen" });
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual(anna.troubles, []);
});
