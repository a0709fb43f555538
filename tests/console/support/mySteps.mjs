// Customers in browser tests: their accounts, their sessions, and sites that become theirs.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { PERSON } from "./scene.mjs";
import { callApi } from "./staffSteps.mjs";

export const OWNER = { name: "Olga Brandt", email: "olga@brandt.example", password: PERSON.password };

/** Makes a customer's account beside the API, with the password of the Admin, who is there by then. */
export async function makeEndUser(server, { name, email }, language = "en") {
  const id = crypto.randomUUID();
  const sql = `INSERT INTO end_users (id, name, email, email_lower, region, language, time_zone, password_hash, created_at)
    SELECT '${id}', '${name}', '${email}', '${email.toLowerCase()}', 'DE', '${language}', 'Europe/Berlin', password_hash, created_at
    FROM staff WHERE is_admin LIMIT 1;`;
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", "-cmd", "PRAGMA foreign_keys = ON;", join(server.data, "siteward.db"), sql]);
  return id;
}

/** Calls the API in the name of the customer who is signed in. */
export async function callMine({ page }, method, path, body) {
  return page.evaluate(async ([method, path, body]) => {
    const ask = async (method, path, headers, body) => {
      const answer = await fetch(`/api/v1${path}`, { method, headers, body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : null;
    };
    const { csrf_token: token } = await ask("GET", "/my/session");
    return ask(method, path, { "content-type": "application/json", "x-csrf-token": token }, body && JSON.stringify(body));
  }, [method, path, body]);
}

/** Signs a customer in without the page for it. */
export async function signInAsOwner({ page }, { email, password } = OWNER) {
  await page.goto("/my/sign-in");
  await page.evaluate(async (body) => {
    const answer = await fetch("/api/v1/my/session", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!answer.ok) throw new Error(await answer.text());
  }, JSON.stringify({ email, password }));
}

/** The company invites a customer, who accepts all that is asked for. */
export async function handOver(admin, owner, site, asks, { email, name } = OWNER) {
  const made = await callApi(admin, "POST", `/sites/${site}/handovers`, { email, name, language: "en", asks });
  await callMine(owner, "POST", `/my/handovers/${made.id}/accept`, {});
}

/** The language of every customer's account. */
export async function setLanguage(server, language) {
  const sql = `UPDATE end_users SET language = '${language}';`;
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", join(server.data, "siteward.db"), sql]);
}

/** Lets five minutes pass for the codes of 300 seconds that are shown: the server takes none of them any more. */
export async function endShareCodes(server) {
  const sql = "UPDATE share_codes SET created_at = created_at - 300000000, expires_at = expires_at - 300000000 WHERE kind = 'temporary';";
  await promisify(execFile)("sqlite3", ["-cmd", ".timeout 5000", join(server.data, "siteward.db"), sql]);
}
