// The pictures of docs/pictures that tell of a customer's LAN: what its link finds, the wizard, a device QR.
import { CLOUD } from "./cloud.mjs";
import { connectLink, giveLogin, openFromSite, pasteLabel, secret, wizard, wizardAt, wizardDone } from "./cloudSteps.mjs";
import { startLink, startSimulator } from "./programs.mjs";
import { openWindow, PHONE, withoutCamera } from "./scene.mjs";
import { addSite, button, devicesOf, heading, showsHealth } from "./steps.mjs";

/** Simulated devices are on loopback only; the pictures show addresses as a customer's LAN has them. */
const LOOPBACK = "127.42.8.";
const SHOWN = "192.168.30.";
const SITE = "Lindner & Sons, office";

/** Tells it on the server of a scene; `picture(page, name)` takes each. */
export async function tellOfLan(scene, person, picture) {
  const simulator = await startSimulator([
    "--site", "cloud_states", "--first", `${LOOPBACK}21`, "--port", "8080", "--seed", "61", "--sadp", "127.0.0.1:0",
  ]);
  const links = [];
  const withLink = { ...scene, join: async (command) => links.push(await startLink(command, simulator.sadp)) };
  try {
    await tell(withLink, simulator, person, picture);
  } finally {
    for (const link of links) await link.stop();
    await simulator.stop();
  }
}

async function tell(scene, simulator, person, picture) {
  const { page, context, t } = person;
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/sites");
  await addSite(person, SITE, "Große Bleichen 21, Hamburg");
  const site = page.url();
  await connectLink(scene, person, SITE, "Server cabinet");
  const phone = await openWindow(scene, {
    size: PHONE, storageState: await context.storageState(), deviceScaleFactor: 1.5, isMobile: true, hasTouch: true,
  });
  for (const one of [person, phone]) {
    await withoutCamera(one);
    await one.context.route(/\/api\/v1\/.*(found|additions|devices|scans)/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(LOOPBACK, SHOWN).replaceAll(":8080", ":80") });
    });
  }
  // The same place on the phone, once the wide picture is taken.
  const pictures = async (name) => {
    await picture(page, name);
    await phone.page.goto(page.url());
  };

  await page.goto(site);
  await openFromSite(person, "found.title");
  const list = (one) => one.page.getByRole("list", { name: t("found.title") });
  await list(person).getByRole("checkbox").nth(4).waitFor({ timeout: 30_000 });
  for (const state of ["ready", "notActivated"]) {
    await list(person).getByRole("checkbox", { name: new RegExp(simulator.devices[CLOUD[state]].serial) }).check();
  }
  await pictures("found");
  await list(phone).getByRole("checkbox").nth(2).check();
  await picture(phone.page, "found-phone");

  await page.goto(site);
  await pasteLabel(person, simulator.devices[CLOUD.fresh]);
  await wizardAt(person, "not_activated");
  await secret(person, wizard(person), t("addition.new_password")).fill("Pier-7-Lindner");
  await pictures("wizard");
  await wizardAt(phone, "not_activated");
  await secret(phone, wizard(phone), t("addition.new_password")).fill("harbour");
  await picture(phone.page, "wizard-phone");

  const added = [];
  for (const state of ["ready", "wrongLabel"]) {
    const device = simulator.devices[CLOUD[state]];
    await page.goto(site);
    await pasteLabel(person, { ...device, label: device.label.replace(/^(.*[\r\n]+.*[\r\n]+)[A-Z]{6}/, `$1${device.verification_code}`) });
    await wizardAt(person, "login_needed");
    await giveLogin(person, device.password);
    await wizardDone(person);
    added.push(device.name);
  }
  for (const name of added) await showsHealth(person, name, "healthy");
  for (const one of [person, phone]) {
    await one.page.goto(site);
    await heading(one.page, SITE).waitFor();
    await devicesOf(one).getByRole("link").nth(1).waitFor();
    await openFromSite(one, "sites.device_qr");
    const dialog = one.page.getByRole("dialog", { name: t("operation.device_qr") });
    await secret(one, dialog, t("device_qr.password")).fill("kite-Meadow-7194");
    await button(dialog, t("device_qr.make")).click();
    await dialog.locator("img.qr-picture").waitFor();
    await picture(one.page, one === phone ? "device-qr-phone" : "device-qr");
  }
  // What the pages still ask for is answered by nobody once the server has ended.
  for (const one of [person, phone]) await one.context.unrouteAll({ behavior: "ignoreErrors" });
  await phone.context.close();
}
