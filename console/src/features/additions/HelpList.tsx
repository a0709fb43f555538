// What to look at when a device is offline: the server knows what and in which order, this says it.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AdditionHelp } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { helpText } from "./additionState";

export function HelpList({ help }: { help: AdditionHelp }) {
  const { t, i18n } = useTranslation();
  return (
    <div>
      {help.last_seen_at ? (
        <Text size="sm" c="dimmed" mb="xs">
          {t("addition.last_seen", { at: formatInstant(help.last_seen_at, i18n.language), host: help.last_host ?? "–" })}
        </Text>
      ) : null}
      <ol className="help-list" aria-label={t("addition.help")}>
        {help.checks.map((check) => <li key={check}>{t(`help.${helpText(check, help.kind)}`)}</li>)}
      </ol>
    </div>
  );
}
