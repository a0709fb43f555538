// The protecting headers on every kind of answer, and proof that a broken content policy would be noticed.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { openScene, openWindow } from "./support/scene.mjs";
import { heading } from "./support/steps.mjs";

let scene;
before(async () => {
  scene = await openScene({ first: "127.74.1.1", camera: false });
});
after(() => scene?.end());

test("pages, files and API answers carry the protecting headers", async () => {
  const page = await fetch(`${scene.server.base}/sign-in`);
  const script = (await page.text()).match(/src="(\/assets\/[^"]+\.js)"/)?.[1];
  assert.ok(script, "the page names its script");
  for (const path of ["/", "/sign-in", script, "/api/v1/setup", "/api/v1/session", "/api/v1/nothing", "/api/v1/captchas",
    "/api/v1/sites/x/found", "/api/v1/devices/x/snapshot", "/api/v1/link/session", "/healthz"]) {
    const { headers } = await fetch(scene.server.base + path);
    const policy = new Map(headers.get("content-security-policy")?.split(";").map((part) => {
      const [name, ...sources] = part.trim().split(/\s+/);
      return [name, sources];
    }));
    assert.deepEqual(policy.get("frame-ancestors"), ["'none'"], path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.ok(headers.get("referrer-policy"), path);
    const sources = [...policy.values()].flat();
    assert.ok(!sources.includes("'unsafe-eval'") && !sources.includes("*"), `${path}: ${sources}`);
    const scripts = policy.get("script-src") ?? policy.get("default-src") ?? [];
    assert.ok(!scripts.includes("'unsafe-inline'"), `${path}: ${scripts}`);
    if (path.startsWith("/api/")) assert.equal(headers.get("cache-control"), "no-store", path);
  }
});

test("an address of remote configuration that nobody has opened shows neither console nor API, and lets nobody frame it", async () => {
  const { port } = new URL(scene.server.base);
  const host = `${"a2".repeat(16)}.localhost:${port}`;
  for (const path of ["/", "/sites", "/api/v1/setup", "/.siteward/enter?code=guessed"]) {
    const answer = await new Promise((done, failed) => {
      get({ host: "127.0.0.1", port, path, headers: { host } }, (found) => {
        let text = "";
        found.on("data", (part) => (text += part)).on("end", () => done({ status: found.statusCode, headers: found.headers, text }));
      }).on("error", failed);
    });
    assert.equal(answer.status, 401, path);
    assert.match(answer.headers["content-type"], /^text\/html/, path);
    assert.match(answer.headers["content-security-policy"], /default-src 'none'; frame-ancestors 'self'/, path);
    assert.equal(answer.headers["x-content-type-options"], "nosniff", path);
    assert.equal(answer.headers["set-cookie"], undefined, path);
    assert.ok(!answer.text.includes("/assets/"), path);
  }
});

test("the browser refuses an inline script, a foreign script and a frame around the console, and that is noticed", async () => {
  const { page, t, troubles } = await openWindow(scene);
  await page.goto(scene.server.setupLink);
  await heading(page, t("setup.title")).waitFor();
  assert.deepEqual(troubles, []);
  const noticed = async (directive, act) => {
    const note = page.waitForEvent("console", (message) => message.text().includes(directive));
    await page.evaluate(act);
    await note;
    await page.evaluate(() => window.tellViolation("all were told"));
    assert.ok(troubles.some((text) => text.startsWith("content policy") && text.includes(directive)), directive);
  };
  await noticed("script-src", () => {
    const script = document.createElement("script");
    script.textContent = "window.ranInline = true";
    document.head.append(script);
  });
  assert.equal(await page.evaluate(() => window.ranInline), undefined);
  await noticed("connect-src", () => void fetch("http://127.0.0.1:9/").catch(() => undefined));

  const other = await openWindow(scene);
  const framed = other.page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await other.page.setContent(`<iframe src="${scene.server.base}/sign-in"></iframe>`);
  await framed;
});
