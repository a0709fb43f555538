// What a browser test plays in: twelve simulated devices, their export QR, a server, a browser with a camera, people.
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { filmOf, openBrowser } from "./browser.mjs";
import { scratchFolder, siteward, startServer, startSimulator } from "./programs.mjs";
import { textsOf } from "./texts.mjs";

export const FIRST_ADDRESS = "127.40.0.1";
/** Exports carry the SDK port; HTTP is on one of those that the platform looks for it on. */
const SDK_PORT = 8000;
const HTTP_PORTS = [8080, 8443, 80];

export const QR_PASSWORD = "Spring-2026";
export const PERSON = { name: "Anna Keller", email: "anna@keller.example", password: "Correct-horse7" };
export const COMPANY = "Keller Security";
export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A port that is free at an address, and on which the platform looks for the HTTP of what an export names. */
export async function freeDevicePort(address) {
  for (const port of HTTP_PORTS) {
    const server = createServer();
    const free = await new Promise((done) => {
      server.once("error", () => done(false));
      server.listen(port, address, () => done(true));
    });
    if (!free) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
  throw new Error(`ports ${HTTP_PORTS} of ${address} are all taken`);
}

/** Starts everything; `shown` may give the devices other addresses in the export. `end` ends everything, also when the start went wrong half-way. */
export async function openScene({ first = FIRST_ADDRESS, camera = true, environment = {}, shown = (devices) => devices } = {}) {
  const folder = scratchFolder("scene");
  const ends = [() => rm(folder, { recursive: true, force: true })];
  const end = async () => {
    for (const one of ends.splice(0).reverse()) await one();
  };
  try {
    const port = await freeDevicePort(first);
    const simulator = await startSimulator(["--site", "mixed12", "--first", first, "--port", String(port)]);
    ends.push(simulator.stop);
    const code = await exportOf(await shown(simulator.devices), folder);
    const film = camera ? await filmOf(await readFile(code.picture), join(folder, "camera.y4m")) : undefined;
    const browser = await openBrowser(film);
    ends.push(() => browser.close());
    const server = await startServer(environment);
    ends.push(server.stop);
    return { folder, simulator, code, browser, server, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The export QR of devices, as picture and as text. */
export async function exportOf(devices, folder) {
  const picture = join(folder, "export.png");
  const list = join(folder, "devices.json");
  await writeFile(list, JSON.stringify(devices.map(({ name, address, user, password }) => (
    { name, host: address, port: SDK_PORT, username: user, password }
  ))));
  await siteward(["qr", "encode", list, "--password", QR_PASSWORD, "--png", picture]);
  const text = await siteward(["qr", "encode", list, "--password", QR_PASSWORD]);
  return { picture, text: text.trim() };
}

/** A person's own browser window: nothing moves, and what goes wrong is noted in `troubles`. */
export async function openWindow({ browser, server }, { language = "en", size = WIDE, scheme = "light", ...more } = {}) {
  const context = await browser.newContext({
    baseURL: server.base, viewport: size, locale: language === "ru" ? "ru-RU" : "en-GB", timezoneId: "Europe/Berlin",
    colorScheme: scheme, reducedMotion: "reduce", ...more,
  });
  context.setDefaultTimeout(60_000);
  const troubles = [];
  await context.exposeBinding("tellViolation", (_, text) => troubles.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      window.tellViolation(`content policy: ${violatedDirective} forbids ${blockedURI}`);
    });
  });
  context.on("console", (message) => {
    // The browser notes every refusal of the API as an error; those are looked at on the page.
    const refusal = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    if (message.type() === "error" && !refusal) troubles.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => troubles.push(`exception: ${error.error()}`));
  const page = await context.newPage();
  return { context, page, t: textsOf(language), troubles };
}

/** With SITEWARD_TEST_PICTURES naming a folder: what was on the screen when a test failed. To be called after each test. */
export async function showFailure({ name, passed }, person) {
  const folder = process.env.SITEWARD_TEST_PICTURES;
  if (!folder || passed || !person) return;
  await person.page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, "-").slice(0, 80)}.png`), fullPage: true }).catch(() => undefined);
}

/** The scene's camera sees an export, which a dialog that scans reads at once: pages that this window opens from now on have none. */
export function withoutCamera({ context }) {
  return context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no camera", "NotFoundError"));
  });
}
