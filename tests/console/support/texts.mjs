// The console's own texts, so that a test names what a person reads and survives a better wording.
import { readFileSync } from "node:fs";

const TEXTS = Object.fromEntries(["en", "ru"].map((language) => [
  language,
  JSON.parse(readFileSync(new URL(`../../../console/src/texts/${language}.json`, import.meta.url), "utf8")),
]));

/** The texts of a language: `t("scan.title")`, `t("scan.add", { count: 12 })`. */
export function textsOf(language) {
  const plural = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const [group, name] = key.split(".");
    const found = TEXTS[language][group];
    const text = found?.[`${name}_${plural.select(values.count ?? 0)}`] ?? found?.[name];
    if (text === undefined) throw new Error(`the console has no text ${key} in ${language}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, value) => values[value]);
  };
}
