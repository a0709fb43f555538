// One period of a schedule: its days, and from when until when.
import { ActionIcon, Chip, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Day } from "../../api/types";
import { DAYS, periodError, readUntil, shownUntil, type Period } from "./schedule";

interface Properties { period: Period; number: number; tried: boolean; onChange: (period: Period) => void; onRemove?: () => void }

export function PeriodFields({ period, number, tried, onChange, onRemove }: Properties) {
  const { t } = useTranslation();
  const error = tried ? periodError(period) : null;
  return (
    <Stack gap={6} role="group" aria-label={t("rules.period", { n: number })} className="period">
      <Chip.Group multiple value={period.days} onChange={(days) => onChange({ ...period, days: days as Day[] })}>
        <Group gap={6}>
          {DAYS.map((day) => <Chip key={day} value={day} size="sm" aria-label={t(`day.${day}`)}>{t(`day_short.${day}`)}</Chip>)}
        </Group>
      </Chip.Group>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="time" label={t("rules.from")} value={period.from} className="time-field"
          onChange={(event) => onChange({ ...period, from: event.currentTarget.value })}
        />
        <TextInput
          type="time" label={t("rules.until")} value={shownUntil(period.until)} className="time-field"
          onChange={(event) => onChange({ ...period, until: readUntil(event.currentTarget.value) })}
        />
        {onRemove ? (
          <ActionIcon variant="default" size={42} aria-label={t("rules.remove_period", { n: number })} onClick={onRemove}>
            <IconTrash size={18} aria-hidden="true" />
          </ActionIcon>
        ) : null}
      </Group>
      {error ? <Text size="sm" className="danger-text" role="alert">{t(error)}</Text> : null}
    </Stack>
  );
}
