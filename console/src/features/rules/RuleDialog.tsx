// Makes a rule, or changes one: what it tells, of which devices, to whom, when, and after how long.
import { Button, Checkbox, Group, MultiSelect, NativeSelect, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createExceptionRule, putExceptionRule } from "../../api/calls";
import type { DeviceKind, ExceptionRule, ExceptionRuleList, IncidentKind, Severity } from "../../api/types";
import { formatSpan } from "../../texts/times";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { DEVICE_KINDS, KINDS, SEVERITIES, THRESHOLDS } from "./choices";
import { DeviceChoice } from "./DeviceChoice";
import { PeriodFields } from "./PeriodFields";
import { bodyOf, formErrors, formOf, type RuleForm } from "./ruleForm";
import { kindText } from "./ruleText";
import { periodsOf, type Preset } from "./schedule";

interface Properties { siteId: string; list: ExceptionRuleList; rule?: ExceptionRule; opened: boolean; onClose: () => void }

export function RuleDialog({ siteId, list, rule, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState<RuleForm>(() => formOf(rule));
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => (rule ? putExceptionRule(siteId, rule.id, bodyOf(form)) : createExceptionRule(siteId, bodyOf(form))),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["exception_rules", siteId] });
      onClose();
    },
  });
  const change = (part: Partial<RuleForm>) => setForm({ ...form, ...part });
  const errors = formErrors(form);
  const wrong = (field: keyof typeof errors) => (tried && errors[field] ? t(errors[field]) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(errors).every((error) => error === null)) saving.mutate();
  };
  const tick = (severity: Severity, on: boolean) =>
    change({ severities: SEVERITIES.filter((one) => (one === severity ? on : form.severities.includes(one))) });
  const thresholds = THRESHOLDS.includes(form.threshold) ? THRESHOLDS : [...THRESHOLDS, form.threshold].sort((a, b) => a - b);
  // Whoever was chosen and may not see the site any more can still be taken away.
  const gone = (rule?.receivers ?? []).filter(({ kind, able }) => kind === "staff" && !able);
  const staff = [...list.choices.staff, ...gone.map(({ id, name }) => ({ id: id ?? "", name: name ?? "" }))];
  return (
    <Dialog opened={opened} onClose={onClose} title={t(rule ? "rules.edit" : "rules.add")} size={640}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <fieldset className="plain-fieldset">
            <legend>{t("rules.what")}</legend>
            <Group gap="lg">
              {SEVERITIES.map((severity) => (
                <Checkbox
                  key={severity} label={t(`rules.tick_${severity}`)} checked={form.severities.includes(severity)}
                  onChange={(event) => tick(severity, event.currentTarget.checked)}
                />
              ))}
            </Group>
          </fieldset>
          <MultiSelect
            label={t("rules.kinds")} description={t("rules.kinds_hint")} searchable clearable value={form.kinds} error={wrong("what")}
            clearButtonProps={{ "aria-label": t("do.clear") }}
            data={KINDS.map((kind) => ({ value: kind, label: kindText(t, kind) }))} onChange={(kinds) => change({ kinds: kinds as IncidentKind[] })}
          />
          <NativeSelect
            label={t("rules.source")} value={form.source} onChange={(event) => change({ source: event.currentTarget.value as RuleForm["source"] })}
            data={(["site", "kind", "device"] as const).map((value) => ({ value, label: t(`rules.source_${value}`) }))}
          />
          {form.source === "kind" ? (
            <NativeSelect
              label={t("rules.device_kind")} value={form.deviceKind} onChange={(event) => change({ deviceKind: event.currentTarget.value as DeviceKind })}
              data={DEVICE_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
          ) : null}
          {form.source === "device" ? (
            <DeviceChoice siteId={siteId} value={form.device} label={t("rules.device")} error={wrong("device")} onChange={(device) => change({ device })} />
          ) : null}
          <fieldset className="plain-fieldset">
            <legend>{t("rules.who")}</legend>
            <Stack gap="xs">
              <Checkbox label={t("rules.tick_managers")} checked={form.managers} onChange={(event) => change({ managers: event.currentTarget.checked })} />
              <Checkbox label={t("rules.tick_admin")} checked={form.admin} onChange={(event) => change({ admin: event.currentTarget.checked })} />
            </Stack>
          </fieldset>
          <MultiSelect
            label={t("rules.staff")} description={t("rules.staff_hint")} searchable clearable value={form.staff} error={wrong("who")}
            clearButtonProps={{ "aria-label": t("do.clear") }} nothingFoundMessage={t("rules.nobody_found")}
            data={staff.map(({ id, name }) => ({ value: id, label: name }))} onChange={(ids) => change({ staff: ids })}
          />
          {list.choices.webhooks.length > 0 ? (
            <MultiSelect
              label={t("rules.webhooks")} clearable value={form.webhooks} clearButtonProps={{ "aria-label": t("do.clear") }}
              data={list.choices.webhooks.map(({ id, name }) => ({ value: id, label: name }))} onChange={(ids) => change({ webhooks: ids })}
            />
          ) : null}
          <NativeSelect
            label={t("rules.threshold")} value={String(form.threshold)} onChange={(event) => change({ threshold: Number(event.currentTarget.value) })}
            data={thresholds.map((minutes) => ({
              value: String(minutes), label: minutes === 0 ? t("rules.threshold_none") : t("rules.threshold_of", { span: formatSpan(minutes * 60, t) }),
            }))}
          />
          <NativeSelect
            label={t("rules.schedule")} description={t("rules.schedule_hint", { zone: list.time_zone })} value={form.preset}
            onChange={(event) => {
              const preset = event.currentTarget.value as Preset;
              change({ preset, periods: periodsOf(preset) ?? form.periods });
            }}
            data={(["always", "working", "outside", "own"] as const).map((value) => ({ value, label: t(`rules.preset.${value}`) }))}
          />
          {form.preset === "own" ? (
            <Stack gap="sm">
              {form.periods.map((period, index) => (
                <PeriodFields
                  key={index} period={period} number={index + 1} tried={tried}
                  onChange={(next) => change({ periods: form.periods.map((one, place) => (place === index ? next : one)) })}
                  onRemove={form.periods.length > 1 ? () => change({ periods: form.periods.filter((_, place) => place !== index) }) : undefined}
                />
              ))}
              {form.periods.length < 20 ? (
                <Button
                  variant="subtle" className="text-button" leftSection={<IconPlus size={18} aria-hidden="true" />}
                  onClick={() => change({ periods: [...form.periods, { days: ["saturday"], from: "08:00", until: "18:00" }] })}
                >
                  {t("rules.add_period")}
                </Button>
              ) : null}
            </Stack>
          ) : null}
          <Text size="sm" c="dimmed">{t("rules.end_hint")}</Text>
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t(rule ? "do.save" : "rules.make")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
