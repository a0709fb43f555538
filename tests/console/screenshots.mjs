// The pictures of docs/pictures, taken while the story is told. script/screenshots runs it in a network of its own.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { PNG } from "pngjs";
import { tellOfLan } from "./support/lanPictures.mjs";
import { tellOfOwner } from "./support/ownerPictures.mjs";
import { startSimulator } from "./support/programs.mjs";
import { exportOf, openScene, openWindow, PHONE, QR_PASSWORD } from "./support/scene.mjs";
import {
  addSite, button, deviceCard, devicesOf, giveAdmin, giveCompany, heading, openScan, scanDialog,
  showsHealth, unlock,
} from "./support/steps.mjs";
import { rest } from "./support/walk.mjs";

/** Pictures stay small enough for a README. */
const MOST_BYTES = 170_000;
const HOURS = 24;
const SITES = [
  { name: "Bakery Sommer", address: "Marktplatz 3, Lüneburg", devices: ["Counter", "Back door", "Oven room", "Recorder"] },
  { name: "Dr. Weiss, dental practice", address: "Eppendorfer Weg 210, Hamburg", devices: ["Entrance", "Waiting room", "Recorder"] },
  { name: "Elbe Logistics, hall 2", address: "Kattwykdamm 7, Hamburg", devices: [
    "Gate A", "Gate B", "Ramp 1", "Ramp 2", "Ramp 3", "Fence east", "Fence west", "Office", "Recorder",
  ], breaks: { name: "Recorder", change: { disk: "error" } } },
  { name: "Hotel Alster", address: "An der Alster 72, Hamburg", devices: ["Lobby", "Garage", "Deliveries", "Roof", "Recorder"],
    breaks: { name: "Roof", change: { power: false } } },
  { name: "Villa Brandt", address: "Elbchaussee 341, Hamburg", devices: ["Driveway", "Garden"] },
];
const target = process.argv[2];
const forwards = [];

/** Gives simulated devices addresses as on a real site: connections are passed on to where they are. */
async function asOnSite(devices, network) {
  return Promise.all(devices.map(async (device, index) => {
    const address = `${network}.${11 + index}`;
    const server = createServer((near) => {
      const far = connect(device.port, device.address);
      near.pipe(far).pipe(near);
      near.on("error", () => far.destroy());
      far.on("error", () => near.destroy());
    });
    await new Promise((done) => server.listen(80, address, done));
    server.unref();
    forwards.push(server);
    return { ...device, address };
  }));
}

/** The past day of devices that have been watched only since a minute: up, save for `outages` by name and hours ago. */
async function yesterday(server, outages) {
  const now = Math.floor(Date.now() / 3_600_000);
  const rows = [`WITH RECURSIVE ago (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ago WHERE n < ${HOURS})
    INSERT OR REPLACE INTO uptime_hours SELECT place, ${now} - n, 3600, 0 FROM devices, ago;`];
  for (const [name, ago, down] of outages) {
    rows.push(`UPDATE uptime_hours SET up_seconds = ${3600 - down}, down_seconds = ${down}
      WHERE hour = ${now - ago} AND place IN (SELECT place FROM devices WHERE name = '${name}');`);
  }
  const database = join(server.data, "siteward.db");
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", "-cmd", "PRAGMA foreign_keys = ON;", database, rows.join("\n")]);
}

/** Adds a site with its devices through the API, in the name of whoever is signed in. */
async function addWatchedSite(page, { name, address, text, password }) {
  await page.evaluate(async ({ name, address, text, password }) => {
    const call = async (method, path, body) => {
      const answer = await fetch(`/api/v1${path}`, {
        method, headers: { "content-type": "application/json", "x-csrf-token": token }, body: body && JSON.stringify(body),
      });
      const read = await answer.json();
      if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(read)}`);
      return read;
    };
    let token = "";
    token = (await call("GET", "/session")).csrf_token;
    const site = await call("POST", "/sites", { name, address, time_zone: "Europe/Berlin" });
    const scan = await call("POST", `/sites/${site.id}/scans`, { text });
    const listed = await call("POST", `/imports/${scan.import.id}/password`, { password });
    await call("POST", `/imports/${listed.id}/confirm`, { rows: listed.rows.map(({ index }) => index) });
    const news = new EventSource(`/api/v1/imports/${listed.id}/events`);
    await new Promise((done, failed) => {
      news.addEventListener("import", ({ data }) => {
        const { state, counts } = JSON.parse(data);
        if (state === "done") (counts.failed > 0 ? failed(new Error(data)) : done());
      });
    });
    news.close();
  }, { name, address, text, password });
}

async function picture(page, name) {
  await page.mouse.move(0, 0);
  await rest(page);
  const taken = PNG.sync.read(await page.screenshot());
  // Without the alpha channel, and packed as tightly as PNG can.
  const packed = PNG.sync.write(taken, { colorType: 2, deflateLevel: 9, filterType: -1 });
  if (packed.length > MOST_BYTES) throw new Error(`${name} has ${packed.length} bytes`);
  await writeFile(join(target, `${name}.png`), packed);
  console.log(`${name}.png  ${taken.width}×${taken.height}  ${Math.round(packed.length / 1000)} KB`);
}

async function tell(scene, others) {
  const person = await openWindow(scene, { size: { width: 1280, height: 960 } });
  const { page, context, t } = person;
  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
  await addSite(person, "Harbour warehouse", "Am Sandtorkai 4, Hamburg");
  await openScan(person);
  await unlock(person, QR_PASSWORD);
  await button(scanDialog(person), t("scan.add", { count: 12 })).click();
  await scanDialog(person).getByText(t("scan.added", { count: 12 })).waitFor({ timeout: 60_000 });
  await button(scanDialog(person), t("do.done")).click();
  await devicesOf(person).getByRole("link").nth(11).waitFor();

  const free = [...others.devices];
  for (const [number, site] of SITES.entries()) {
    const devices = site.devices.map((name) => {
      const profile = name === "Recorder" ? "nvr" : "camera";
      const [device] = free.splice(free.findIndex((one) => one.profile === profile), 1);
      return { ...device, name };
    });
    const folder = join(scene.folder, `site${number}`);
    await mkdir(folder);
    const code = await exportOf(await asOnSite(devices, `192.168.${21 + number}`), folder);
    await addWatchedSite(page, { ...site, text: code.text, password: QR_PASSWORD });
    const { breaks } = site;
    if (breaks) await others.change(devices.find(({ name }) => name === breaks.name).index, breaks.change);
  }
  await yesterday(scene.server, [
    ["Cellar", 0, 2400], ["Cellar", 1, 3600], ["Cellar", 2, 900], ["Reception", 9, 700], ["Gate", 14, 3600],
    ["Gate", 15, 1800], ["Car park & ramp", 20, 300],
  ]);
  const named = (name) => scene.simulator.devices.find((one) => one.name === name);
  await scene.simulator.change(named("Recorder north").index, { disk: "error", channel_offline: [3] });
  await scene.simulator.change(named("Cellar").index, { power: false });
  await page.reload();
  await showsHealth(person, "Cellar", "offline");
  await deviceCard(person, "Recorder north").getByText(t("exception_kind.disk_error")).waitFor({ timeout: 60_000 });
  await picture(page, "site");
  const site = page.url();

  await page.getByRole("link", { name: "Recorder north", exact: true }).click();
  await page.getByRole("region", { name: t("fact.disks") }).waitFor();
  await heading(page, "Recorder north").waitFor();
  await page.getByRole("region", { name: t("fact.channels") }).getByText(t("channel.offline"), { exact: true }).waitFor({ timeout: 60_000 });
  await picture(page, "device");

  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/sites");
  await page.getByRole("link", { name: "Villa Brandt" }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "Hotel Alster" }).getByText(t("health.offline")).waitFor({ timeout: 60_000 });
  await page.getByRole("listitem").filter({ hasText: "Elbe Logistics" }).getByText(t("health.faulty")).waitFor({ timeout: 60_000 });
  await picture(page, "sites-dark");

  const phone = await openWindow(scene, {
    size: PHONE, storageState: await context.storageState(), deviceScaleFactor: 1.5, isMobile: true, hasTouch: true,
  });
  await phone.page.goto(site);
  await devicesOf(phone).getByRole("link").nth(11).waitFor();
  await picture(phone.page, "site-phone");
  await phone.page.goto("/sites");
  await phone.page.getByRole("link", { name: "Villa Brandt" }).click();
  await heading(phone.page, "Villa Brandt").waitFor();
  await phone.page.setViewportSize({ width: PHONE.width, height: 560 });
  // The camera sees the code; what it read is kept back while the picture is taken.
  await phone.page.route("**/scans", () => undefined);
  await openScan(phone);
  await scanDialog(phone).getByText(t("scan.reading")).waitFor();
  await picture(phone.page, "scan");
  await phone.context.close();
  await tellOfOwner(scene, person, picture);
  await tellOfLan(scene, person, picture);
}

const scene = await openScene({ shown: (devices) => asOnSite(devices, "192.168.20") });
const others = await startSimulator(["--devices", "140", "--first", "127.40.4.1", "--port", "8080", "--seed", "7"]);
try {
  await tell(scene, others);
} finally {
  await others.stop();
  await scene.end();
  for (const one of forwards) one.close();
}
