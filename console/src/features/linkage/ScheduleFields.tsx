// When a rule holds, by the clock of the site: always, or hours of some days.
import { ActionIcon, Button, Chip, Fieldset, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Day, LinkagePeriod } from "../../api/types";
import { DAYS, isPeriod, minuteOf, minuteText, NIGHT } from "./ruleDraft";

const MOST = 20;

interface Properties { periods: LinkagePeriod[]; zone: string; tried: boolean; change: (periods: LinkagePeriod[]) => void }

export function ScheduleFields({ periods, zone, tried, change }: Properties) {
  const { t } = useTranslation();
  const set = (index: number, part: Partial<LinkagePeriod>) =>
    change(periods.map((period, at) => (at === index ? { ...period, ...part } : period)));
  return (
    <Fieldset legend={t("linkage.times")}>
      <SegmentedControl
        fullWidth aria-label={t("linkage.times")} value={periods.length === 0 ? "always" : "some"} size="md"
        data={[{ value: "always", label: t("linkage.always") }, { value: "some", label: t("linkage.sometimes") }]}
        onChange={(value) => change(value === "always" ? [] : [NIGHT])}
      />
      <Stack mt={periods.length > 0 ? "sm" : 0} gap="md">
        {periods.map((period, index) => (
          <div key={index} role="group" aria-label={t("linkage.period_n", { n: index + 1 })}>
            <Chip.Group multiple value={period.days} onChange={(days) => set(index, { days: DAYS.filter((day) => (days as Day[]).includes(day)) })}>
              <Group gap={6}>
                {DAYS.map((day) => <Chip key={day} value={day} size="sm" variant="outline">{t(`linkage_day.${day}`)}</Chip>)}
              </Group>
            </Chip.Group>
            <Group align="flex-end" gap="sm" mt="xs" wrap="nowrap">
              <TextInput
                type="time" label={t("linkage.from")} className="grow" value={minuteText(period.from)}
                onChange={(event) => set(index, { from: minuteOf(event.currentTarget.value, false) ?? period.from })}
              />
              <TextInput
                type="time" label={t("linkage.until")} className="grow" value={minuteText(period.until % 1440)}
                onChange={(event) => set(index, { until: minuteOf(event.currentTarget.value, true) ?? period.until })}
              />
              {periods.length > 1 ? (
                <ActionIcon variant="default" size={42} aria-label={t("linkage.remove_period", { n: index + 1 })} onClick={() => change(periods.filter((_, at) => at !== index))}>
                  <IconTrash size={18} aria-hidden="true" />
                </ActionIcon>
              ) : null}
            </Group>
            {period.until < period.from ? <Text size="sm" c="dimmed" mt={4}>{t("linkage.over_night")}</Text> : null}
            {tried && !isPeriod(period) ? <Text size="sm" className="danger-text" mt={4} role="alert">{t("linkage.period_bad")}</Text> : null}
          </div>
        ))}
      </Stack>
      {periods.length > 0 ? (
        <Group justify="space-between" mt="sm">
          <Text size="sm" c="dimmed" className="wrap">{t("linkage.zone_of_site", { zone })}</Text>
          {periods.length < MOST ? (
            <Button variant="default" size="sm" leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => change([...periods, NIGHT])}>
              {t("linkage.add_period")}
            </Button>
          ) : null}
        </Group>
      ) : null}
    </Fieldset>
  );
}
