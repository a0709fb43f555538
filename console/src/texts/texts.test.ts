import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { firstLanguage } from ".";
import en from "./en.json";
import ru from "./ru.json";

const source = join(import.meta.dirname, "..");
const PLURAL = /_(one|few|many|other)$/;

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, prefix = ""): Map<string, string> {
  return new Map(Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)]));
}

const english = flat(en as Texts);
const russian = flat(ru as Texts);
const keys = (texts: Map<string, string>) => new Set([...texts.keys()].map((key) => key.replace(PLURAL, "")));
const slots = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((slot) => slot[1]))].sort();

describe("texts", () => {
  test("both languages have the same keys", () => {
    expect([...keys(russian)].sort()).toEqual([...keys(english)].sort());
  });

  test("no text is empty", () => {
    for (const texts of [english, russian]) {
      for (const [key, text] of texts) expect(text.trim(), key).not.toBe("");
    }
  });

  test("every counted text has all the plural forms of its language", () => {
    for (const [texts, forms] of [[english, ["one", "other"]], [russian, ["one", "few", "many", "other"]]] as const) {
      const counted = new Set([...texts.keys()].filter((key) => !key.startsWith("errors.") && PLURAL.test(key) && texts.has(key.replace(PLURAL, "_many") ) || key.endsWith("_one")).map((key) => key.replace(PLURAL, "")));
      // The keys of errors are the API's own codes, however they end.
      for (const key of counted) {
        for (const form of forms) expect(texts.has(`${key}_${form}`), `${key}_${form}`).toBe(true);
      }
    }
  });

  test("both languages fill in the same values", () => {
    for (const [key, text] of english) {
      const other = russian.get(key);
      if (other !== undefined) expect(slots(other), key).toEqual(slots(text));
    }
  });

  test("every key that the source names exists", () => {
    const known = keys(english);
    for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
      if (!/\.tsx?$/.test(file) || file.endsWith(".test.ts")) continue;
      const text = readFileSync(join(source, file), "utf8");
      for (const [, key] of text.matchAll(/\bt\(\s*"([^"]+)"/g)) expect(known.has(key ?? ""), `${file}: ${key}`).toBe(true);
    }
  });

  test("the language is the stored one, else the browser's first known one, else English", () => {
    expect(firstLanguage("ru", ["en-GB"])).toBe("ru");
    expect(firstLanguage("xx", ["de-DE", "ru-RU", "en"])).toBe("ru");
    expect(firstLanguage(null, ["de"])).toBe("en");
  });
});
