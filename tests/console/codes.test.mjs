// Other ways for a code to come in, and codes that are refused: each says clearly why, in the reader's language.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { PNG } from "pngjs";
import { openScene, openWindow, PERSON, QR_PASSWORD } from "./support/scene.mjs";
import {
  addSite, button, chooseWay, giveAdmin, giveCompany, heading, openScan, pasteCode, pictureField, scanDialog, signIn, unlock,
} from "./support/steps.mjs";

let scene;
before(async () => {
  scene = await openScene({ first: "127.73.1.1", camera: false });
  const first = await openWindow(scene);
  await giveCompany(first, scene.server.setupLink);
  await giveAdmin(first);
  await addSite(first, "Bakery Sommer");
  await first.context.close();
});
after(() => scene?.end());

/** A grey picture with nothing in it. */
function emptyPicture() {
  const picture = new PNG({ width: 640, height: 480 });
  picture.data.fill(170);
  return PNG.sync.write(picture);
}

for (const language of ["en", "ru"]) {
  describe(`in ${language}`, () => {
    let person;
    before(async () => {
      person = await openWindow(scene, { language });
      await person.page.goto("/sign-in");
      // What is chosen in a browser comes before the language of the account.
      await button(person.page, person.t("nav.menu")).click();
      for (const name of language === "ru" ? ["English", "Русский"] : ["Русский", "English"]) {
        await person.page.getByText(name, { exact: true }).click();
      }
      await signIn(person, PERSON.password);
      await person.page.getByRole("link", { name: "Bakery Sommer" }).click();
      await heading(person.page, "Bakery Sommer").waitFor();
    });
    after(() => person?.context.close());

    const told = (text) => scanDialog(person).getByRole("alert").getByText(text).waitFor();

    test("without a camera the dialog says so and offers a picture", async () => {
      await openScan(person);
      await scanDialog(person).getByText(person.t("scan.camera_missing")).waitFor();
    });

    test("a picture without a code is told", async () => {
      await chooseWay(person, "picture");
      await pictureField(person).setInputFiles({ name: "wall.png", mimeType: "image/png", buffer: emptyPicture() });
      await told(person.t("errors.picture_without_qr"));
    });

    test("a file that is no picture is told", async () => {
      await pictureField(person).setInputFiles({ name: "letter.png", mimeType: "image/png", buffer: Buffer.from("Dear all") });
      await told(person.t("errors.picture_unreadable"));
    });

    test("the code of a web address is told, not followed", async () => {
      await chooseWay(person, "text");
      await pasteCode(person, "https://www.example.com/menu?table=4");
      await told(person.t("qr_kind.web_address"));
    });

    test("a damaged code is told", async () => {
      await pasteCode(person, `${scene.code.text.slice(0, 60)}*${scene.code.text.slice(60)}`);
      await told(person.t("errors.qr_bad_base64"));
    });

    test("a pasted text asks for the code's password and shows its list", async () => {
      await pasteCode(person, scene.code.text);
      await unlock(person, QR_PASSWORD);
      const dialog = scanDialog(person);
      await dialog.getByRole("heading", { name: person.t("scan.rows_title") }).waitFor();
      await button(dialog, person.t("do.close")).click();
      await dialog.waitFor({ state: "hidden" });
    });

    test("a picture file leads to added devices, and a second time to the word that they are there", async () => {
      const { t } = person;
      const dialog = await openScan(person, "picture");
      await pictureField(person).setInputFiles(scene.code.picture);
      await unlock(person, QR_PASSWORD);
      if (language === "en") {
        await button(dialog, t("scan.add", { count: 12 })).click();
        await dialog.getByText(t("scan.added", { count: 12 })).waitFor({ timeout: 60_000 });
        await button(dialog, t("scan.again")).click();
        await chooseWay(person, "picture");
        await pictureField(person).setInputFiles({
          name: "again.png", mimeType: "image/png", buffer: await readFile(scene.code.picture),
        });
        await unlock(person, QR_PASSWORD);
      }
      await dialog.getByText(t("scan.rows_none")).waitFor();
      assert.equal(await dialog.getByText(t("row_state.on_this_site")).count(), 12);
      assert.equal(await button(dialog, t("scan.add_none")).isDisabled(), true);
    });

    test("nothing broke the content policy or was logged as an error", () => assert.deepEqual(person.troubles, []));
  });
}
