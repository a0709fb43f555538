// Theme and language, as entries of a menu.
import { Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES, type Language } from "../texts";

const SCHEMES: MantineColorScheme[] = ["auto", "light", "dark"];

function Choice({ on, text, lang, choose }: { on: boolean; text: string; lang?: string; choose: () => void }) {
  return (
    <Menu.Item
      onClick={choose}
      role="menuitemradio"
      aria-checked={on}
      lang={lang}
      rightSection={on ? <IconCheck size={16} aria-hidden="true" /> : null}
    >
      {text}
    </Menu.Item>
  );
}

export function ThemeChoice() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t("nav.theme")}</Menu.Label>
      {SCHEMES.map((scheme) => (
        <Choice
          key={scheme}
          on={scheme === colorScheme}
          text={t(`nav.theme_${scheme}`)}
          choose={() => setColorScheme(scheme)}
        />
      ))}
    </>
  );
}

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <>
      <Menu.Label>{t("nav.language")}</Menu.Label>
      {(Object.keys(LANGUAGES) as Language[]).map((language) => (
        <Choice
          key={language}
          on={i18n.language === language}
          text={LANGUAGES[language]}
          lang={language}
          choose={() => chooseLanguage(language)}
        />
      ))}
    </>
  );
}
