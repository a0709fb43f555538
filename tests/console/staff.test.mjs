// A colleague's time in the company: invited by mail, let in, given a site, and shut out within a second.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { answeredAt, goneAt } from "./support/gone.mjs";
import { linkIn, openPostbox } from "./support/postbox.mjs";
import { openScene, openWindow, showFailure } from "./support/scene.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading, signIn, signOut } from "./support/steps.mjs";
import { callApi, invite, inviteDialog, join, memberLine, openMember, orderOn, setMailServer } from "./support/staffSteps.mjs";

const BERND = { name: "Bernd Voss", email: "bernd.voss@keller.example", password: "Correct-battery8" };
const SITE = "Harbour warehouse";
/** A stream is told at once; the rest is the browser's way to the sign-in, on a machine that has other work. */
const AT_ONCE = 1_000;

let scene;
let postbox;
let anna;
let bernd;
let link;
before(async () => {
  postbox = await openPostbox();
  scene = await openScene({ first: "127.40.8.1", camera: false });
  anna = await openWindow(scene);
  bernd = await openWindow(scene);
  await giveCompany(anna, scene.server.setupLink);
  await giveAdmin(anna);
  await addSite(anna, SITE);
});
after(async () => {
  await scene?.end();
  postbox?.close();
});
afterEach(async (context) => {
  await showFailure(context, anna);
  await showFailure({ name: `${context.name} (Bernd)`, passed: context.passed }, bernd);
});

test("an invitation waits in the outbox as long as there is no mail server, and says so", async () => {
  const { page, t } = anna;
  await page.getByRole("link", { name: t("nav.staff"), exact: true }).click();
  await heading(page, t("staff.title")).waitFor();
  const dialog = await invite(anna, { ...BERND, role: "Installer" });
  await dialog.getByText(t("invitations.mail_waits")).waitFor();
  await dialog.getByRole("link", { name: t("invitations.outbox") }).click();
  await heading(page, t("mail.title")).waitFor();
  await page.getByRole("cell", { name: BERND.email }).waitFor();
});

test("the mail brings the link once the server is set, and a sent-again one kills the first", async () => {
  const { page, t } = anna;
  await setMailServer(anna, postbox);
  const first = linkIn(await postbox.mailTo(BERND.email), "/join/");
  await page.goto("/staff");
  await button(page, `${t("invitations.send_again")}: ${BERND.email}`).click();
  await page.getByText(t("invitations.sent_again")).waitFor();
  link = linkIn(await postbox.mailTo(BERND.email), "/join/");
  assert.notEqual(link, first);
  const answer = await bernd.page.goto(first);
  assert.equal(answer.status(), 410);
});

test("who opens the link chooses a password and is in, with nothing to see", async () => {
  const { page, t } = bernd;
  await join(bernd, link, BERND.password);
  await page.getByText(t("sites.none_assigned")).waitFor();
  await page.getByRole("navigation", { name: t("nav.main") }).getByRole("link", { name: t("nav.sites") }).waitFor();
  for (const entry of ["nav.staff", "nav.log"]) {
    assert.equal(await page.getByRole("link", { name: t(entry), exact: true }).count(), 0, entry);
  }
  await page.goto("/staff");
  await heading(page, t("needs.title")).waitFor();
  await page.goto("/log");
  await page.getByText(t("needs.admin")).waitFor();
});

test("the link works once, and the list tells that it was accepted", async () => {
  const answer = await bernd.page.goto(link);
  assert.equal(answer.status(), 410);
  const { page, t } = anna;
  await page.goto("/staff");
  await memberLine(anna, BERND.name).getByText("Installer", { exact: true }).waitFor();
  await page.getByRole("list", { name: t("invitations.title") }).getByText(t("invitation_state.accepted")).waitFor();
});

test("a site that is assigned appears by itself, on the colleague's page and on theirs", async () => {
  const { page, t } = bernd;
  await page.goto("/sites");
  await page.getByText(t("sites.none_assigned")).waitFor();
  const [{ items: sites }, { items: staff }] = [await callApi(anna, "GET", "/sites"), await callApi(anna, "GET", "/staff")];
  const { id } = staff.find(({ email }) => email === BERND.email);
  await callApi(anna, "PUT", "/site_managers", { site_ids: [sites[0].id], managers: [{ staff_id: id, expires_at: null }] });
  await page.getByRole("link", { name: SITE }).waitFor();
  await openMember(anna, BERND.name);
  const assigned = anna.page.getByRole("region", { name: anna.t("staff.sites_title"), exact: true });
  await assigned.getByRole("link", { name: SITE }).waitFor();
  await assigned.getByText(anna.t("staff.site_always")).waitFor();
});

test("a role that somebody has is not deleted, and who has it is told", async () => {
  const { page, t } = anna;
  await page.goto("/staff/roles");
  await button(page, `${t("do.delete")}: Installer`).click();
  const dialog = page.getByRole("dialog", { name: t("roles.in_use_title", { name: "Installer" }) });
  await dialog.getByRole("link", { name: BERND.name }).waitFor();
  await page.keyboard.press("Escape");
});

test("another role is made and given, and its rights hold at once", async () => {
  const { page, t } = anna;
  await page.goto("/staff/roles");
  await button(page, t("roles.add")).click();
  const dialog = page.getByRole("dialog", { name: t("roles.add") });
  await field(dialog, t("roles.name")).fill("Office");
  await dialog.getByRole("checkbox", { name: t("right.manage_staff"), exact: true }).check();
  await dialog.getByRole("checkbox", { name: t("right.view_exceptions"), exact: true }).uncheck();
  await button(dialog, t("do.add")).click();
  await heading(page, t("roles.title")).waitFor();
  await button(page, `${t("roles.edit")}: Office`).waitFor();
  await openMember(anna, BERND.name);
  await page.getByRole("combobox", { name: t("staff.role") }).selectOption({ label: "Office" });
  await button(page, t("do.save")).click();
  await page.getByText(t("company.saved")).waitFor();

  await bernd.page.goto("/staff");
  await memberLine(bernd, BERND.name).waitFor();
  assert.equal(await bernd.page.getByRole("link", { name: t("nav.exceptions"), exact: true }).count(), 0);
  // The Admin may do more than they may: the page offers nothing.
  await openMember(bernd, "Anna Keller");
  await bernd.page.getByText(t("staff.beyond")).waitFor();
  assert.equal(await button(bernd.page, t("staff.actions")).count(), 0);
});

/** Does to Bernd what a call of that method does; his page is off the screen within a second of the server's answer. */
async function outAtOnce(method, act) {
  const [gone, answered] = [goneAt(bernd.page, ".shell"), answeredAt(anna.page, method)];
  await act();
  const took = (await gone) - (await answered);
  assert.ok(took <= AT_ONCE, `out only after ${Math.round(took)} ms`);
}

test("who is disabled is out within a second, and cannot come back", async () => {
  await bernd.page.goto("/sites");
  await bernd.page.getByRole("link", { name: SITE }).waitFor();
  await openMember(anna, BERND.name);
  await outAtOnce("POST", () => orderOn(anna, "disable"));
  await anna.page.getByText(anna.t("member_action.disable_done")).waitFor();
  await heading(bernd.page, bernd.t("session.title")).waitFor();
  await signIn(bernd, BERND.password, BERND.email);
  await bernd.page.getByRole("alert").getByText(bernd.t("errors.sign_in_refused")).waitFor();
  await anna.page.getByText(anna.t("staff.disabled_note")).waitFor();
});

test("who is enabled again is back where they were, until all their sessions are ended", async () => {
  await orderOn(anna, "enable");
  await anna.page.getByText(anna.t("member_action.enable_done")).waitFor();
  await signIn(bernd, BERND.password, BERND.email);
  await bernd.page.getByRole("link", { name: SITE }).waitFor();
  await outAtOnce("DELETE", () => orderOn(anna, "end_sessions"));
  await anna.page.getByText(anna.t("member_action.end_sessions_done")).waitFor();
  await heading(bernd.page, bernd.t("session.title")).waitFor();
});

test("who is deleted is gone from the list, and the log says who did it", async () => {
  const { page, t } = anna;
  await orderOn(anna, "delete");
  await heading(page, t("staff.title")).waitFor();
  await memberLine(anna, BERND.name).waitFor({ state: "detached" });
  await signIn(bernd, BERND.password, BERND.email);
  await bernd.page.getByRole("alert").getByText(bernd.t("errors.sign_in_refused")).waitFor();
  await page.goto("/log");
  for (const action of ["delete_member", "post_member_disable", "post_invitations", "post_roles", "post_join"]) {
    await page.getByText(t(`action.${action}`), { exact: true }).first().waitFor();
  }
});

test("a cancelled invitation opens nothing any more", async () => {
  const { page, t } = anna;
  await page.goto("/staff");
  const mail = "clara@keller.example";
  await invite(anna, { name: "Clara Brandt", email: mail, role: "Installer" });
  await button(inviteDialog(anna), t("do.done")).click();
  const address = linkIn(await postbox.mailTo(mail), "/join/");
  await button(page, `${t("invitations.cancel")}: ${mail}`).click();
  await button(page.getByRole("dialog"), t("invitations.cancel_do")).click();
  await page.getByRole("list", { name: t("invitations.title") }).getByText(t("invitation_state.cancelled")).waitFor();
  const answer = await bernd.page.goto(address);
  assert.equal(answer.status(), 410);
  await signOut(anna);
});

test("nothing broke the content policy or was logged as an error", () => {
  assert.deepEqual([...anna.troubles, ...bernd.troubles], []);
});
