// What a customer does to share, step by step.
import { button } from "./steps.mjs";

/** The name of a permission's checkbox: as in lists, whatever its first letter looks like. */
export const permission = ({ t }, name) => t(`share_permission.${name}`);

/** Opens the dialog that shares, with devices ticked. */
export async function choose({ page, t }, devices) {
  await page.goto("/my/sharing");
  await button(page, t("sharing.share_something")).click();
  const dialog = page.getByRole("dialog").first();
  for (const name of devices) await dialog.getByRole("checkbox", { name: new RegExp(`^${name}`) }).check();
  await dialog.getByRole("checkbox", { name: permission({ t }, "playback") }).first().waitFor();
  return dialog;
}

/** Goes on to the ways to share, and takes one; `name` is its text's, without `way_`. */
export async function way({ page, t }, name) {
  await button(page.getByRole("dialog"), t("do.next")).click();
  await page.getByRole("dialog").getByText(t(`sharing.way_${name}`), { exact: true }).click();
}
