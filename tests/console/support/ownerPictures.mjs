// The pictures of docs/pictures that tell of an alarm panel, and a site that is handed over.
import { startSimulator } from "./programs.mjs";
import { areas } from "./panels.mjs";
import { linkIn, openPostbox } from "./postbox.mjs";
import { openWindow, PHONE, withoutCamera } from "./scene.mjs";
import { callApi, setMailServer } from "./staffSteps.mjs";
import { addByAddress, addSite, heading } from "./steps.mjs";

const SITE = "Villa Brandt, guest house";
const PANEL = "Panel in the hall";
const OWNER = "olga@brandt.example";

/** A site with an alarm panel, whose owner gets a mail. */
export async function tellOfOwner(scene, person, picture) {
  const simulator = await startSimulator(["--profile", "panel", "--devices", "1", "--first", "127.44.9.1", "--port", "8080"]);
  const postbox = await openPostbox();
  try {
    await tell(scene, simulator, postbox, person, picture);
  } finally {
    postbox.close();
    await simulator.stop();
  }
}

async function tell(scene, simulator, postbox, person, picture) {
  const { page, t } = person;
  await page.emulateMedia({ colorScheme: "light" });
  await setMailServer(person, postbox);
  await withoutCamera(person);
  await page.goto("/sites");
  await addSite(person, SITE, "Elbchaussee 343, Hamburg");
  const site = new URL(page.url()).pathname.split("/")[2];
  await addByAddress(person, simulator.devices[0], PANEL);
  await page.getByRole("link", { name: PANEL, exact: true }).click();
  await heading(page, PANEL).waitFor();
  await areas(person).getByText(t("panel_arm.disarmed")).first().waitFor({ timeout: 60_000 });
  await picture(page, "panel");

  await callApi(person, "POST", `/sites/${site}/handovers`, {
    email: OWNER, name: "Olga Brandt", language: "en", remark: "We will show you everything on Monday.", asks: { site: true, devices: [] },
  });
  const mail = await postbox.mailTo(OWNER);
  const owner = await openWindow(scene, {
    size: { ...PHONE, height: 900 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true,
  });
  await owner.page.goto(linkIn(mail, "/handover/"));
  await owner.page.getByRole("heading", { level: 1 }).waitFor();
  await picture(owner.page, "handover-phone");
  await owner.context.close();
}
