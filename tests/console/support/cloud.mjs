// A customer's LAN: simulated devices behind a link, of which the server knows nothing but what the link tells.
import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { filmOf, openBrowser } from "./browser.mjs";
import { scratchFolder, startLink, startServer, startSimulator } from "./programs.mjs";

/** The devices of the simulator's site `cloud_states`, one a state, by their place. */
export const CLOUD = {
  ready: 0, notActivated: 1, serviceDisabled: 2, fresh: 3, offline: 4, boundElsewhere: 5, ezviz: 6, oldRecorder: 7, wrongLabel: 8,
  oldFirmware: 9,
};

/**
 * Starts a LAN, a server and a browser. `first` and `seed` tell the LAN's devices from another's; with `film` the camera sees the
 * label of that device. The server is reached by a name, so that remote configuration can give its sessions names below it.
 */
export async function openLan({ first, seed, film, lan = ["--site", "cloud_states"], environment = {} }) {
  const folder = scratchFolder("lan");
  const ends = [() => rm(folder, { recursive: true, force: true })];
  const end = async () => {
    for (const one of ends.splice(0).reverse()) await one();
  };
  try {
    const simulator = await startSimulator([...lan, "--first", first, "--seed", String(seed), "--sadp", "127.0.0.1:0"]);
    ends.push(simulator.stop);
    let shown;
    if (film !== undefined) shown = await filmOf(await pictureOf(simulator.devices[film].label), join(folder, "camera.y4m"));
    const browser = await openBrowser(shown);
    ends.push(() => browser.close());
    const server = await startServer(environment);
    ends.push(server.stop);
    const named = (address) => address.replace("127.0.0.1", "localhost");
    return {
      folder, simulator, browser, end,
      server: { ...server, base: named(server.base), setupLink: named(server.setupLink) },
      /** Runs the shown command on a box in the LAN. */
      join: async (command) => {
        const link = await startLink(command, simulator.sadp);
        ends.push(link.stop);
        return link;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A text as a QR code, drawn by the console's own library. */
export async function pictureOf(text) {
  const { writeBarcode } = await writer();
  const { image, error } = await writeBarcode(text, { format: "QRCode", options: "ecLevel=M", scale: 8 });
  if (error) throw new Error(error);
  return Buffer.from(await image.arrayBuffer());
}

let loaded;
function writer() {
  loaded ??= (async () => {
    const console = createRequire(fileURLToPath(new URL("../../../console/package.json", import.meta.url)));
    const found = await import(console.resolve("zxing-wasm/writer"));
    const wasmBinary = await readFile(console.resolve("zxing-wasm/writer/zxing_writer.wasm"));
    await found.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    return found;
  })();
  return loaded;
}
