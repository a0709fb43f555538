// The console's languages: chosen by the person, else by the browser; kept in this browser.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import ru from "./ru.json";

export const LANGUAGES = { en: "English", ru: "Русский" } as const;
export type Language = keyof typeof LANGUAGES;
const KEY = "siteward.language";

function isLanguage(text: string | null): text is Language {
  return text !== null && text in LANGUAGES;
}

/** The language to begin with. */
export function firstLanguage(stored: string | null, browser: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  const known = browser.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage);
  return known ?? "en";
}

/** Changes the language, and remembers it. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  void i18next.changeLanguage(language);
}

/** Speaks the language of a person's profile, unless another was chosen in this browser. */
export function followLanguage(language: Language): void {
  if (!isLanguage(localStorage.getItem(KEY)) && language !== i18next.language) void i18next.changeLanguage(language);
}

/** Starts translation; also keeps the page's `lang` right. */
export function startTexts(): void {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, ru: { translation: ru } },
    lng: firstLanguage(localStorage.getItem(KEY), navigator.languages),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
