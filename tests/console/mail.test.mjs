// The pages about mail: the server is set, a test tells what is wrong, the outbox shows it; all of it accessible.
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { PNG } from "pngjs";
import { accessibleWalk } from "./support/accessible.mjs";
import { openScene } from "./support/scene.mjs";
import { button, giveAdmin, giveCompany, heading } from "./support/steps.mjs";

/** A picture of 160 × 80 pixels, all of them black. */
const PICTURE = PNG.sync.write(new PNG({ width: 160, height: 80 }));

/** A mail server that refuses every login, by its own words. */
async function refusingServer(context) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.write("220 post.example\r\n");
    socket.on("data", (bytes) => {
      const line = String(bytes);
      if (line.startsWith("EHLO")) socket.write("250-post.example\r\n250 AUTH PLAIN\r\n");
      else socket.write("535 5.7.8 Authentication credentials invalid\r\n");
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  context.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return server.address().port;
}

describe("mail is set, tried and looked at, light and dark, wide and on a phone", { concurrency: true }, () => {
  for (const [language, first] of [["en", "127.40.6.1"], ["ru", "127.40.7.1"]]) {
    test(`in ${language}`, async (context) => {
      const scene = await openScene({ first, camera: false });
      context.after(scene.end);
      const port = await refusingServer(context);
      await accessibleWalk(scene, language, 8, (person, look) => walk(scene, person, look, port));
    });
  }
});

async function walk(scene, person, look, port) {
  const { page, t } = person;
  await giveCompany(person, scene.server.setupLink);
  await giveAdmin(person);
  await page.goto("/company");
  await page.getByRole("link", { name: t("mail.card_open") }).click();
  await heading(page, t("mail.title")).waitFor();
  await page.getByText(t("mail.none"), { exact: true }).waitFor();
  await look("mail, nothing set");
  await button(page, t("do.save")).click();
  await page.getByText(t("form.required")).first().waitFor();
  await look("mail server, not filled in");

  const field = (name) => page.getByRole("textbox", { name: t(name) });
  await field("mail.host").fill("127.0.0.1");
  await page.getByLabel(t("mail.security")).selectOption("none");
  await field("mail.port").fill(String(port));
  await field("mail.user_name").fill("siteward");
  await page.getByLabel(t("mail.password"), { exact: false }).and(page.locator("input")).first().fill("Canary-smtp-1");
  await field("mail.sender_address").fill("alarms@keller.example");
  await look("mail server, filled in");
  await button(page, t("do.save")).click();
  await page.getByText(t("company.saved")).waitFor();

  await button(page, t("mail.test_send")).click();
  await page.getByRole("region", { name: t("mail.test") }).getByText("535 5.7.8 Authentication credentials invalid").waitFor();
  const outbox = page.getByRole("region", { name: t("mail.outbox") });
  await outbox.getByText(t("mail_state.failed"), { exact: true }).last().waitFor();
  await page.getByText(t("mail.login_refused")).first().waitFor();
  await look("mail, test refused");
  await outbox.getByRole("button", { name: t("mail.look") }).click();
  await shown(page, "Keller Security");
  await look("a mail");
  await page.getByRole("dialog").getByText(t("mail.as_text"), { exact: true }).click();
  await page.getByRole("dialog").getByText("Keller Security").first().waitFor();
  await button(page.getByRole("dialog"), t("mail.send_again")).click();
  await page.getByRole("dialog").getByText(t("mail_state.waiting")).waitFor();
  await page.getByRole("dialog").getByText(t("do.close"), { exact: true }).last().click();
  await previews(person, look);
  await button(page, t("mail.remove")).click();
  await page.getByRole("dialog").waitFor();
  await look("remove the mail server");
  await page.getByRole("dialog").getByRole("button", { name: t("mail.remove") }).click();
  await page.getByText(t("mail.no_server")).waitFor();
}

/** What a mail looks like, in its frame. */
async function shown(page, text) {
  await page.getByRole("dialog").frameLocator("iframe").getByText(text).first().waitFor();
}

/** Every letter can be looked at before anybody gets it, in both languages, with the company's logo. */
async function previews({ page, t }, look) {
  await page.goto("/company");
  const logo = page.getByRole("region", { name: t("logo.title") });
  await logo.getByText(t("logo.none")).waitFor();
  await logo.locator("input[type=file]").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: PICTURE });
  await logo.getByRole("img").waitFor();
  await look("the company's logo");
  await page.goto("/mail");
  await button(page, t("mail.templates_card")).click();
  const dialog = page.getByRole("dialog");
  const frame = dialog.frameLocator("iframe");
  await frame.getByRole("img").nth(1).waitFor();
  await look("the mail of an invitation");
  for (const [language, said] of [["ru", "Здравствуйте"], ["en", "Hello"]]) {
    await dialog.getByLabel(t("mail.template_language")).selectOption(language);
    await frame.getByText(said).first().waitFor();
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
}
