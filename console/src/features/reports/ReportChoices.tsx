// Which days, and what counts as downtime.
import { Group, Select, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PRESETS, type Choice, type Preset } from "./span";

interface Properties { choice: Choice; today: string; onChange: (change: Partial<Choice>) => void }

export function ReportChoices({ choice, today, onChange }: Properties) {
  const { t } = useTranslation();
  return (
    <section className="card no-print" aria-label={t("report.span")}>
      <Stack gap="md">
        <Group gap="md" align="flex-end">
          <Select
            label={t("report.span")} value={choice.preset} allowDeselect={false} w={{ base: "100%", xs: 220 }}
            data={PRESETS.map((value) => ({ value, label: t(`report.${value}`) }))}
            onChange={(value) => onChange({ preset: (value ?? "last_30") as Preset })}
          />
          {choice.preset === "custom" ? (
            <>
              <TextInput type="date" label={t("report.from")} value={choice.from} max={choice.to} required
                onChange={(event) => onChange({ from: event.currentTarget.value })} />
              <TextInput type="date" label={t("report.to")} value={choice.to} min={choice.from} max={today} required
                onChange={(event) => onChange({ to: event.currentTarget.value })} />
            </>
          ) : null}
        </Group>
        <fieldset className="report-choices">
          <Text component="legend" size="sm" fw={600} mb={6}>{t("report.choose")}</Text>
          <Choose name={t("report.while_network")} value={choice.own_network} other="down" onChange={(own_network) => onChange({ own_network })} />
          <Choose name={t("report.while_link")} value={choice.links} other="down" onChange={(links) => onChange({ links })} />
          <Choose name={t("report.while_maintenance")} value={choice.maintenance} other="counted" onChange={(maintenance) => onChange({ maintenance })} />
        </fieldset>
      </Stack>
    </section>
  );
}

interface ChooseProperties<T extends string> { name: string; value: "excluded" | T; other: T; onChange: (value: "excluded" | T) => void }

function Choose<T extends "down" | "counted">({ name, value, other, onChange }: ChooseProperties<T>) {
  const { t } = useTranslation();
  return (
    <div className="report-choice">
      <Text size="sm" component="span">{name}</Text>
      <SegmentedControl
        size="sm" aria-label={name} value={value} onChange={(chosen) => onChange(chosen === other ? other : "excluded")}
        data={[
          { value: "excluded", label: t("report.count_out") },
          { value: other, label: t(other === "down" ? "report.count_down" : "report.count_same") },
        ]}
      />
    </div>
  );
}
