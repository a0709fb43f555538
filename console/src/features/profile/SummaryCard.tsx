// The daily summary by mail: whether one gets it, and at what time.
import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateProfile } from "../../api/calls";
import type { Profile, SummaryMode } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";

const MODES: SummaryMode[] = ["if_wrong", "always", "never"];

export function SummaryCard({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState(profile.daily_summary);
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => updateProfile({ daily_summary: form }),
    onSuccess: (saved) => client.setQueryData(["profile"], saved),
  });
  const change = (part: Partial<typeof form>) => {
    saving.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.time) saving.mutate();
  };
  return (
    <Paper className="card" component="section" aria-labelledby="daily-summary">
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} fz="h4" id="daily-summary">{t("summary.title")}</Title>
            <Text size="sm" c="dimmed">{t("summary.hint")}</Text>
          </div>
          <NativeSelect
            label={t("summary.mode")} value={form.mode} onChange={(event) => change({ mode: event.currentTarget.value as SummaryMode })}
            data={MODES.map((value) => ({ value, label: t(`summary_mode.${value}`) }))}
          />
          {form.mode === "never" ? null : (
            <TextInput
              type="time" label={t("summary.time")} description={t("summary.time_hint", { zone: profile.time_zone })} value={form.time} className="time-field"
              error={tried && !form.time ? t("form.required") : undefined} onChange={(event) => change({ time: event.currentTarget.value })}
            />
          )}
          <ErrorNote error={saving.error} />
          <Group>
            <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
            <Text role="status" c="dimmed">{saving.isSuccess ? t("company.saved") : ""}</Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
