// What a test plays in that adds devices by their addresses: simulated devices, a browser, a server; all end with the test.
import { openBrowser } from "./browser.mjs";
import { startServer, startSimulator } from "./programs.mjs";

/** A server that looks every second, and does not wait long for a device that is off. */
export const QUICK = {
  SITEWARD__POLLING__PERIOD_SECONDS: "1",
  SITEWARD__DEVICES__CONNECT_TIMEOUT_MS: "500",
  SITEWARD__DEVICES__LOOK_TIMEOUT_SECONDS: "8",
};

/** Starts them: the simulator with `devices`, its arguments, the server with settings from the environment and arguments of its own. */
export async function openStreet(context, devices, environment = QUICK, serverArgs = []) {
  const simulator = await startSimulator(devices);
  context.after(simulator.stop);
  const browser = await openBrowser();
  context.after(() => browser.close());
  const server = await startServer(environment, serverArgs);
  context.after(server.stop);
  return { simulator, browser, server };
}
