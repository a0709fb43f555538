// The codes that people show each other, as a camera reads them. A token is kept for the tab alone, and never stays in the address bar.

/** What a code leads to: a page where one applies for what is shared, or the account of whoever shows it. */
export type Scanned = { kind: "apply" | "account"; token: string };

const TOKEN = /^[A-Za-z0-9_-]{16,128}$/;
const PAGES: Record<string, Scanned["kind"]> = { "/my/apply": "apply", "/my/share": "account" };
const KEPT = "my apply token";
/** So long a link that confirms an account is good, in milliseconds. */
const REGISTRATION = 24 * 3_600_000;

/** The code in a text that was read; null: it is no code of ours. */
export function codeIn(text: string): Scanned | null {
  if (!URL.canParse(text)) return null;
  const { protocol, pathname, hash } = new URL(text);
  const page = Object.keys(PAGES).find((path) => pathname.endsWith(path));
  const token = hash.slice(1);
  if (!page || !/^https?:$/.test(protocol) || !TOKEN.test(token)) return null;
  return { kind: PAGES[page] ?? "apply", token };
}

/** The token of the address that is open; it leaves the address bar and the history at once. */
export function takeToken(): string | null {
  const { hash, pathname, search } = window.location;
  if (!hash) return null;
  window.history.replaceState(window.history.state, "", pathname + search);
  const token = hash.slice(1);
  return TOKEN.test(token) ? token : null;
}

/** Keeps what somebody looks at for this tab: it stands reloading, and signing in. */
export function keepToken(token: string | null): void {
  if (token) {
    window.sessionStorage.setItem(KEPT, token);
  } else {
    window.sessionStorage.removeItem(KEPT);
    window.localStorage.removeItem(KEPT);
  }
}

/** What was kept. */
export function keptToken(): string | null {
  return window.sessionStorage.getItem(KEPT) ?? waitsFor();
}

/** Keeps it for whoever makes an account now: the mail that confirms it opens another tab. */
export function keepForRegistration(token: string, now: number): void {
  window.localStorage.setItem(KEPT, JSON.stringify({ token, until: now + REGISTRATION }));
}

/** The token for whose sake somebody made an account in this browser. */
export function waitsFor(now: number = Date.now()): string | null {
  try {
    const { token, until } = JSON.parse(window.localStorage.getItem(KEPT) ?? "{}") as { token?: string; until?: number };
    return token && TOKEN.test(token) && until && until > now ? token : null;
  } catch {
    return null;
  }
}

/** The password that opened a code, until the page is left: who signs in on the way is not asked for it twice. */
let opened: { token: string; password: string } | null = null;

export function rememberPassword(token: string, password: string): void {
  opened = { token, password };
}

export function rememberedPassword(token: string): string | undefined {
  return opened?.token === token ? opened.password : undefined;
}
