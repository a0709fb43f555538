// Our programs as real processes on free ports, ended with the test.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "target", process.env.SITEWARD_PROFILE ?? "debug");

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Programs that run and folders that they write: they end with this process, however it ends. */
const running = new Set();
const folders = new Set();
process.on("exit", () => {
  running.forEach((child) => child.kill("SIGKILL"));
  folders.forEach((path) => rmSync(path, { recursive: true, force: true }));
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** A folder of one's own, for as long as this process runs. */
export function scratchFolder(purpose) {
  const path = mkdtempSync(join(tmpdir(), `siteward-${purpose}-`));
  folders.add(path);
  return path;
}

function run(program, args, options) {
  return runAt(join(folder, program), args, options);
}

function runAt(path, args, options) {
  const child = spawn(path, args, options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
}

/** Starts the server on an empty folder; `setupLink` is what it prints at a first start. */
export async function startServer(environment = {}, args = []) {
  const data = scratchFolder("server");
  const port = await freePort();
  const env = {
    ...process.env,
    SITEWARD__DATA__DIR: data,
    SITEWARD__SERVER__LISTEN: `127.0.0.1:${port}`,
    SITEWARD__DEVICES__ALLOW_LOOPBACK: "true",
    SITEWARD__POLLING__PERIOD_SECONDS: "2",
    ...environment,
  };
  const child = run("siteward", ["serve", ...args], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const setupCode = await new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error("no set-up link within 120 s")), 120_000);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const code = line.split("#code=")[1];
      if (code) {
        clearTimeout(late);
        found(code.trim());
      }
    });
    child.once("exit", (status) => failed(new Error(`the server ended with ${status}`)));
  });
  const base = `http://127.0.0.1:${port}`;
  await answers(`${base}/healthz`);
  return {
    base,
    data,
    env,
    setupLink: `${base}/setup#code=${setupCode}`,
    stop: async () => {
      await end(child);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A worker of its own beside a server that has none. */
export async function startWorker({ env }) {
  const child = run("siteward-worker", [], { env, stdio: "ignore" });
  return { stop: () => end(child) };
}

/** Starts aiosmtpd, other people's mail server, on a free port; `arrived` gets each mail as it takes it. */
export async function startMailServer(arrived) {
  const made = await over(runAt(join(root, "tests/peers/venv"), [], { stdio: ["ignore", "ignore", "inherit"] }));
  if (made !== 0) throw new Error(`tests/peers/venv ended with ${made}`);
  const python = join(root, "target/peers-venv/bin/python");
  // It ends with its standard input, too.
  const child = runAt(python, [join(root, "tests/peers/mail_server.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const { port } = await new Promise((found, failed) => {
    const told = (line) => {
      const what = JSON.parse(line);
      if (what.port) found(what);
      else arrived(what);
    };
    createInterface({ input: child.stdout }).on("line", told);
    child.once("exit", (status) => failed(new Error(`the mail server ended with ${status}`)));
  });
  return { port, stop: () => end(child) };
}

/** Starts maildev, a mail server of other people with a page on which each mail is read, on free ports. */
export async function startMaildev() {
  const [smtp, web] = [await freePort(), await freePort()];
  const program = join(root, "tests/console/node_modules/maildev/bin/maildev");
  const ports = ["--smtp", String(smtp), "--web", String(web), "--ip", "127.0.0.1", "--mail-directory", scratchFolder("maildev"), "--silent"];
  const child = runAt(process.execPath, [program, ...ports], { stdio: "ignore" });
  const url = `http://127.0.0.1:${web}`;
  await answers(`${url}/email`);
  return { port: smtp, url, stop: () => end(child) };
}

async function answers(url) {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** Starts the simulator; `devices` is its list, `change` its control API. */
export async function startSimulator(args) {
  const child = run("siteward-simulator", args, { stdio: ["ignore", "pipe", "inherit"] });
  const ready = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once("line", (line) => found(JSON.parse(line)));
    child.once("exit", (status) => failed(new Error(`the simulator ended with ${status}`)));
  });
  return {
    devices: ready.devices,
    sadp: ready.sadp,
    state: async (number) => (await fetch(`${ready.control}/devices/${number}`)).json(),
    /** The accounts that an alarm panel really has, passwords and all. */
    accounts: async (number) => (await fetch(`${ready.control}/devices/${number}/accounts`)).json(),
    change: async (number, change) => {
      const answer = await fetch(`${ready.control}/devices/${number}`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(change),
      });
      if (!answer.ok) throw new Error(`the simulator refused: ${answer.status} ${await answer.text()}`);
    },
    stop: () => end(child),
  };
}

/** Enrols a link with the command that the console shows and runs it; it looks for devices at one SADP responder only. */
export async function startLink(command, sadp) {
  const config = join(scratchFolder("link"), "link.toml");
  const port = await freePort();
  await writeFile(config, [
    "[lan_page]", 'address = "127.0.0.1"', `port = ${port}`,
    "[discovery]", `targets = ["${sadp}"]`, 'listen = "127.0.0.1:0"', "every_seconds = 2", "wait_seconds = 1", "allow_loopback = true", "",
  ].join("\n"));
  const [program, ...words] = command.trim().split(/\s+/);
  if (program !== "siteward-link") throw new Error(`not a link's command: ${program}`);
  const status = await over(run(program, [...words, "--config", config], { stdio: ["ignore", "ignore", "inherit"] }));
  if (status !== 0) throw new Error(`${program} ${words[0]} ended with ${status}`);
  const child = run(program, ["run", "--config", config], { stdio: ["ignore", "ignore", "ignore"] });
  /** `page`: where the link shows a code to whoever is in its network. */
  return { page: `http://127.0.0.1:${port}/`, stop: () => end(child) };
}

function over(child) {
  return new Promise((done) => child.once("exit", done));
}

/** Runs `siteward` with arguments and text on standard input; answers its standard output. */
export async function siteward(args, input = "") {
  const child = run("siteward", args, { stdio: ["pipe", "pipe", "inherit"] });
  // Where it reads a file instead, it may be done before.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  let output = "";
  child.stdout.on("data", (part) => (output += part));
  const status = await over(child);
  if (status !== 0) throw new Error(`siteward ${args[0]} ended with ${status}`);
  return output;
}
