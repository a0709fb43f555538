// The code of the page in a device's network: eight digits, typed or carried in the address that its QR leads to.

/** The digits of a code as it is sent; null: it is none. */
export function lanCodeOf(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/g, "");
  return /^\d{8}$/.test(digits) ? digits : null;
}

/** The code in the fragment of an address. */
export function lanCodeIn(hash: string): string {
  return lanCodeOf(new URLSearchParams(hash.replace(/^#/, "")).get("lan") ?? "") ?? "";
}

/** Takes the code out of the address that is open: it does not stay in the address bar or the history. */
export function takeLanCode(): string {
  const { hash, pathname, search } = window.location;
  if (!hash) return "";
  window.history.replaceState(window.history.state, "", pathname + search);
  return lanCodeIn(hash);
}
