// Theme and language.
import { SegmentedControl, Stack, Text, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES, type Language } from "../texts";

const SCHEMES: MantineColorScheme[] = ["auto", "light", "dark"];

export function Choices() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" c="dimmed" mb={4}>{t("nav.theme")}</Text>
        <SegmentedControl
          fullWidth aria-label={t("nav.theme")} value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
          data={SCHEMES.map((value) => ({ value, label: t(`nav.theme_${value}`) }))}
        />
      </div>
      <div>
        <Text size="sm" c="dimmed" mb={4}>{t("nav.language")}</Text>
        <SegmentedControl
          fullWidth aria-label={t("nav.language")} value={i18n.language}
          onChange={(language) => chooseLanguage(language as Language)}
          data={Object.entries(LANGUAGES).map(([value, name]) => ({ value, label: <span lang={value}>{name}</span> }))}
        />
      </div>
    </Stack>
  );
}
