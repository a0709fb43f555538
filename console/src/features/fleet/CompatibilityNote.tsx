// What a firmware is too old for.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Compatibility } from "../../api/types";

export function CompatibilityNote({ lost }: { lost: Compatibility | null }) {
  const { t } = useTranslation();
  if (!lost) return null;
  const functions = lost.functions_lost.map((name) => t(`platform_function.${name}`)).join(", ");
  return <Text size="sm" className="wrap">{t("firmware.too_old", { version: lost.minimum_version, functions })}</Text>;
}
