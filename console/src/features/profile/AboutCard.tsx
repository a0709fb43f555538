// Name, language and time zone. A changed language is spoken at once.
import { Button, Group, NativeSelect, Paper, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateProfile } from "../../api/calls";
import type { Profile, Session } from "../../api/types";
import { chooseLanguage, LANGUAGES, type Language } from "../../texts";
import { ErrorNote } from "../../ui/ErrorNote";
import { timeZones } from "../sites/timeZones";

export function AboutCard({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState({ name: profile.name, language: profile.language, time_zone: profile.time_zone });
  const [tried, setTried] = useState(false);
  const zones = useMemo(() => timeZones(form.time_zone), [form.time_zone]);
  const saving = useMutation({
    mutationFn: updateProfile,
    onSuccess: (saved) => {
      client.setQueryData(["profile"], saved);
      client.setQueryData<Session | null>(["session"], (before) => before && {
        ...before, staff: { ...before.staff, name: saved.name, language: saved.language, time_zone: saved.time_zone },
      });
      if (saved.language !== profile.language) chooseLanguage(saved.language);
    },
  });
  const change = (part: Partial<typeof form>) => {
    saving.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.name.trim()) saving.mutate({ ...form, name: form.name.trim() });
  };
  return (
    <Paper className="card" component="section" aria-labelledby="about-me">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Title order={2} fz="h4" id="about-me">{t("profile.about")}</Title>
          <TextInput
            label={t("setup.admin_name")} required maxLength={128} autoComplete="name" value={form.name}
            error={tried && !form.name.trim() ? t("form.required") : undefined}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput label={t("setup.email")} description={t("profile.email_hint")} readOnly className="read-only" value={profile.email} />
          <NativeSelect
            label={t("nav.language")} description={t("profile.language_hint")} value={form.language}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            onChange={(event) => change({ language: event.currentTarget.value as Language })}
          />
          <Select
            label={t("sites.time_zone")} description={t("profile.time_zone_hint")} required searchable data={zones} limit={100}
            value={form.time_zone} allowDeselect={false} nothingFoundMessage={t("sites.time_zone_none")}
            onChange={(zone) => change({ time_zone: zone ?? form.time_zone })}
          />
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
