// What a recorder tells of its health, on its page: disks' own checks, recording, a wrong clock that is set right; and nothing
// any more once the poller is gone.
import { describe, test } from "node:test";
import { accessibleWalk } from "./support/accessible.mjs";
import { startWorker } from "./support/programs.mjs";
import { PHONE, WIDE } from "./support/scene.mjs";
import { addByAddress, addSite, button, giveAdmin, giveCompany, heading } from "./support/steps.mjs";
import { openStreet } from "./support/street.mjs";

const NAME = "Recorder in the office";
const SLOW = { timeout: 60_000 };

describe("the health of a recorder, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.42.1"], ["ru", "127.40.43.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openStreet(context, ["--profile", "nvr", "--devices", "1", "--first", first], { SITEWARD__POLLING__PERIOD_SECONDS: "2" }, ["--no-worker"]);
      await accessibleWalk(scene, language, 2, (person, look) => walk(context, scene, person, look));
    });
  }
});

async function walk(context, { server, simulator }, person, look) {
  const { page, t } = person;
  const worker = await startWorker(server);
  context.after(worker.stop);
  await giveCompany(person, server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour");
  const site = page.url();
  await addByAddress(person, simulator.devices[0], NAME);
  await page.getByRole("link", { name: NAME, exact: true }).click();
  await heading(page, NAME).waitFor();

  const part = (title) => page.getByRole("region", { name: t(title), exact: true });
  const check = () => button(page, t("devices.check")).click();
  await part("fact.disks").getByText(t("disk.check_good")).first().waitFor(SLOW);
  await part("fact.disks").getByText(t("disk.celsius", { degrees: 38 }), { exact: false }).waitFor();
  await part("recording.title").getByText(t("recording.overwrites_yes")).waitFor(SLOW);
  await part("fact.channels").getByText(t("channel.is_recording")).first().waitFor();
  await part("fact.status").getByText(t("fact.restarts")).waitFor();

  await simulator.change(0, {
    clock_offset_seconds: 600, storage: { smart: "bad_sectors", temperature: 55, not_recording: [2] },
  });
  await check();
  const clock = page.getByRole("note").filter({ hasText: t("clock.wrong") });
  await clock.waitFor(SLOW);
  await part("fact.disks").getByText(t("disk.check_failing")).waitFor(SLOW);
  const faults = page.locator(".device-faults");
  await faults.getByText(`${t("exception_kind.disk_error")}, ${t("exceptions.part_disk", { part: "1" })}`).first().waitFor(SLOW);
  await faults.getByText(`${t("exception_kind.recording_gap")}, ${t("exceptions.part_channel", { part: "2" })}`).first().waitFor(SLOW);
  await look("a recorder with faults");
  if (process.env.SITEWARD_TEST_PICTURES) await pictures(page);

  await button(clock, t("clock.set")).click();
  await clock.waitFor({ state: "hidden", ...SLOW });

  // The counts of the site and of all sites change with nobody's doing, too.
  const counting = await Promise.all([site, "/sites"].map(async (address) => {
    const other = await page.context().newPage();
    await other.goto(address);
    await other.getByText(`${t("health.faulty")}1`).waitFor(SLOW);
    return other;
  }));

  await worker.stop();
  for (const other of counting) {
    await other.getByText(`${t("health.unknown")}1`).waitFor(SLOW);
    await other.close();
  }
  await part("fact.channels").getByText(t("health.unknown")).first().waitFor(SLOW);
  await part("fact.disks").getByText(t("disk.check_unknown")).first().waitFor();
  await part("fact.disks").getByText(t("disk.check_failing")).waitFor({ state: "detached" });
  await look("a recorder that nobody polls");
}

/** The page as a person sees it, on a phone and wide, for whoever wants to look. */
async function pictures(page) {
  const language = await page.evaluate(() => document.documentElement.lang);
  for (const size of [PHONE, WIDE]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${process.env.SITEWARD_TEST_PICTURES}/health-${language}-${size.width}.png`, fullPage: true });
  }
}
