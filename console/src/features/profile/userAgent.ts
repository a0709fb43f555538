// What a browser says of itself, in the words that people have for it. A hint for the eye; nothing is decided by it.

export type AgentKind = "computer" | "phone" | "tablet" | "program";
export interface Agent { browser: string | null; system: string | null; kind: AgentKind }

/** The first that fits: newer browsers name the older ones, too. */
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(A|iOS)?\//, "Edge"], [/\bOPR\/|\bOpera\b/, "Opera"], [/\bYaBrowser\//, "Yandex Browser"], [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"], [/\b(Firefox|FxiOS)\//, "Firefox"], [/\b(Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"], [/\biPad\b/, "iPad"], [/\bAndroid\b/, "Android"], [/\bWindows\b/, "Windows"], [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"], [/\bLinux\b/, "Linux"],
];

const first = (table: [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export function describeAgent(text: string): Agent {
  const browser = first(BROWSERS, text);
  const system = first(SYSTEMS, text);
  if (!browser && !text.startsWith("Mozilla/")) {
    // A program's own name stands before its version.
    return { browser: /^[A-Za-z][\w.+-]*(?=\/|$)/.exec(text.trim())?.[0] ?? null, system, kind: "program" };
  }
  const small = system === "iPhone" || /\bMobile\b/.test(text);
  if (system === "iPad" || (system === "Android" && !small)) return { browser, system, kind: "tablet" };
  return { browser, system, kind: small ? "phone" : "computer" };
}
