// One of the chosen managers: until when, or why choosing them changes nothing.
import { ActionIcon, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Chosen } from "./managerState";

interface Properties { chosen: Chosen; error?: string; onUntil: (until: string) => void; onRemove: () => void }

export function ChosenLine({ chosen, error, onUntil, onRemove }: Properties) {
  const { t } = useTranslation();
  const { name, email, role, until, idle } = chosen;
  return (
    <li className="chosen-line">
      <div className="grow">
        <Text fw={600} className="wrap">{name}</Text>
        <Text size="sm" c="dimmed" className="wrap">{[role, email].filter(Boolean).join(" · ")}</Text>
        {idle ? <Text size="sm" className="warn-text">{t(`managers.idle_${idle}`)}</Text> : null}
      </div>
      {idle === "manages_all_sites" ? null : (
        <TextInput
          className="chosen-until" type="datetime-local" size="sm" label={t("managers.until")} aria-label={t("managers.until_of", { name })}
          value={until} error={error} onChange={(event) => onUntil(event.currentTarget.value)}
        />
      )}
      <ActionIcon variant="default" size={42} aria-label={t("managers.remove", { name })} onClick={onRemove}>
        <IconX size={18} aria-hidden="true" />
      </ActionIcon>
    </li>
  );
}
