// A device in the hands of its customers: its owner gives it to somebody, and whoever holds it frees it from them, in its own network.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { openBrowser } from "./support/browser.mjs";
import { CLOUD, openLan } from "./support/cloud.mjs";
import { secret } from "./support/cloudSteps.mjs";
import { callMine, handOver, makeEndUser, OWNER, signInAsOwner } from "./support/mySteps.mjs";
import { openPostbox } from "./support/postbox.mjs";
import { openWindow, PERSON, showFailure } from "./support/scene.mjs";
import { callApi, setMailServer } from "./support/staffSteps.mjs";
import { addSite, button, field, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

const SITE = "Harbour house";
const RITA = { name: "Rita Brandt", email: "rita@brandt.example", password: PERSON.password };
/** The code of a mail: six digits on a line of their own. */
const CODE = /^\d{6}$/m;
const HANNA = { name: "Hanna Brandt", email: "hanna@brandt.example", password: PERSON.password };

let lan;
let link;
let postbox;
let olga;
let rita;
let hanna;
let camera;
let device;
let blind;
before(async () => {
  postbox = await openPostbox();
  lan = await openLan({ first: "127.41.90.1", seed: 90, film: CLOUD.ready });
  blind = await openBrowser();
  const anna = await openWindow(lan);
  await giveCompany(anna, lan.server.setupLink);
  await giveAdmin(anna);
  await setMailServer(anna, postbox);
  await addSite(anna, SITE);
  const site = anna.page.url().split("/").pop();
  const { code } = await callApi(anna, "POST", `/sites/${site}/links`, { name: "Box" });
  link = await lan.join(`siteward-link enroll ${lan.server.base} ${code}`);
  camera = lan.simulator.devices[CLOUD.ready];
  device = await added(anna, site);
  for (const person of [OWNER, RITA, HANNA]) await makeEndUser(lan.server, person);
  [olga, rita, hanna] = [await openWindow(lan), await openWindow(lan), await openWindow(lan)];
  await signInAsOwner(olga);
  await signInAsOwner(rita, RITA);
  await signInAsOwner(hanna, HANNA);
  await handOver(anna, olga, site, { site: true, devices: [] });
});
after(async () => {
  await blind?.close();
  await lan?.end();
  postbox?.close();
});
afterEach(async (context) => {
  for (const [name, person] of Object.entries({ olga, rita, hanna })) {
    await showFailure({ name: `${context.name} (${name})`, passed: context.passed }, person);
  }
});

/** The camera, added once the link has found it. */
async function added(anna, site) {
  const found = async () => (await callApi(anna, "GET", `/sites/${site}/found`)).items.some(({ serial }) => serial === camera.serial);
  for (const end = Date.now() + 30_000; !(await found());) {
    if (Date.now() > end) throw new Error("the link does not find the camera");
    await new Promise((done) => setTimeout(done, 100));
  }
  const addition = await callApi(anna, "POST", `/sites/${site}/additions`, { text: camera.label, name: "Gate", password: camera.password });
  assert.equal(addition.state, "added");
  return addition.device_id;
}

/** The code that the link shows in the network of the camera. */
async function codeOfNetwork() {
  const page = await (await fetch(link.page)).text();
  return page.match(/class="code"[^>]*>([\d ]+)</)[1].replaceAll(" ", "");
}

test("an owner gives a device away with a code of their mail, and the other takes it onto a new site", async () => {
  const { page, t } = olga;
  await page.goto(`/my/devices/${device}`);
  await button(page, t("transfer.begin")).click();
  const dialog = page.getByRole("dialog", { name: t("transfer.dialog", { name: "Gate" }) });
  await field(dialog, t("transfer.login")).fill(RITA.email);
  const code = secret(olga, dialog, t("transfer.verification_code"));
  await code.fill("WRONGX");
  await button(dialog, t("transfer.send_code")).click();
  await dialog.getByText(t("errors.verification_code_wrong")).waitFor();
  await code.fill(camera.label.split(/[\r\n]+/)[2]);
  await button(dialog, t("transfer.send_code")).click();
  await dialog.waitFor({ state: "hidden" });
  const { text } = await postbox.mailTo(OWNER.email, { holds: CODE });
  await field(page, t("transfer.code")).fill(text.match(CODE)[0]);
  await button(page, t("transfer.confirm")).click();
  await button(page, t("transfer.withdraw")).waitFor();
  await postbox.mailTo(RITA.email, { holds: /Olga Brandt/ });

  const there = rita.page;
  await there.goto("/my/sites");
  await button(there, `${t("transfer.accept")}: Gate`).click();
  const where = there.getByRole("dialog", { name: t("transfer.where", { name: "Gate" }) });
  await field(where, t("transfer.site_name")).fill("Rita's flat");
  await button(where, t("transfer.accept")).click();
  await there.getByRole("link", { name: t("transfer.received", { name: "Gate" }) }).click();
  await heading(there, "Gate").waitFor();
  await assert.rejects(callMine(olga, "GET", `/my/devices/${device}`), /404/);
});

test("whoever holds a device scans its label, reads the network's code, and frees it", async () => {
  const { page, t } = hanna;
  await page.goto("/my/scan");
  await page.getByText(t("my_devices.state_somebody_elses")).waitFor();
  assert.equal(await page.locator(".shell-nav .active").textContent(), t("my.sites"));
  assert.ok(!/Rita|Olga|Brandt Security/.test(await page.locator("main").textContent()), "nothing of the owner");
  await page.getByRole("link", { name: t("my_devices.unbind_start") }).click();
  await heading(page, t("my_devices.unbind_title")).waitFor();
  assert.equal(await page.locator(".shell-nav .active").textContent(), t("my.sites"));
  await page.getByRole("link", { name: new URL(link.page).origin }).waitFor();

  const networkCode = field(page, t("my_devices.lan_code"));
  const password = secret(hanna, page, t("unbind.password"));
  const free = button(page, t("my_devices.unbind_submit"));
  await button(page, t("captcha.use_work")).click();
  await networkCode.fill(await codeOfNetwork());
  await password.fill("Wrong-pass1");
  await free.click({ timeout: 60_000 });
  await page.getByText(t("errors.unbind_password_wrong_tries", { n: 4 })).waitFor();
  assert.equal(await networkCode.inputValue(), "", "a code serves once");

  await networkCode.fill(await codeOfNetwork());
  await password.fill(camera.password);
  await free.click({ timeout: 60_000 });
  await page.getByText(t("unbind.freed")).waitFor();
  const { text } = await postbox.mailTo(RITA.email, { holds: new RegExp(camera.serial) });
  assert.ok(!text.includes("Hanna"), text);
});

test("the code of the network comes with its QR, and leaves the address bar", async () => {
  const { page, t } = hanna;
  await page.goto("/my/unbind?serial=Q12345678#lan=01234567");
  await heading(page, t("my_devices.unbind_title")).waitFor();
  assert.equal(await field(page, t("my_devices.lan_code")).inputValue(), "01234567");
  assert.ok(!page.url().includes("01234567"), page.url());
});

for (const language of ["en", "ru"]) {
  test(`everybody can use these pages, ${language}`, async () => {
    // The camera of the other browser reads the label at once: here nothing stands before it.
    await accessibleWalk({ ...lan, browser: blind }, language, 4, async (person, look) => {
      const { page, t } = person;
      await signInAsOwner(person, HANNA);
      await callMine(person, "PATCH", "/my/profile", { language });
      await page.goto("/my/scan");
      await heading(page, t("my_devices.scan_title")).waitFor();
      await look("scan");
      await page.getByText(t("my_devices.by_serial"), { exact: true }).click();
      await field(page, t("devices.serial")).fill("Q99999999");
      await button(page, t("my_devices.look")).click();
      await page.getByText(t("my_devices.state_not_seen")).waitFor();
      await look("scanned");
      await page.goto("/my/unbind?serial=Q12345678");
      await field(page, t("my_devices.lan_code")).waitFor();
      await look("unbind");
      await page.goto(link.page + (language === "ru" ? "?lang=ru" : "?lang=en"));
      await page.locator(".code").waitFor();
      await look("page of the network");
    });
  });
}
