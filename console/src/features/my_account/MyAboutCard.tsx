// Name, phone, region, language and time zone of an end user. A changed language is spoken at once.
import { Button, Group, NativeSelect, Paper, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateMyProfile } from "../../api/calls";
import type { MyProfile, MySession } from "../../api/types";
import { chooseLanguage, LANGUAGES, type Language } from "../../texts";
import { fieldError } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { countries } from "../setup/countries";
import { timeZones } from "../sites/timeZones";
import { myAccount } from "./myAccount";

export function MyAboutCard({ profile }: { profile: MyProfile }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { name, phone, region, language, time_zone } = profile;
  const [form, setForm] = useState({ name, phone: phone ?? "", region, language, time_zone });
  const [tried, setTried] = useState(false);
  const zones = useMemo(() => timeZones(form.time_zone), [form.time_zone]);
  const list = useMemo(() => countries(i18n.language), [i18n.language]);
  const saving = useMutation({
    mutationFn: updateMyProfile,
    onSuccess: (saved) => {
      client.setQueryData([myAccount.profileKey], saved);
      client.setQueryData<MySession | null>([myAccount.sessionKey], (before) => before && {
        ...before,
        end_user: { ...before.end_user, name: saved.name, region: saved.region, language: saved.language, time_zone: saved.time_zone },
      });
      setForm({ ...form, phone: saved.phone ?? "" });
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
    if (form.name.trim()) saving.mutate({ ...form, name: form.name.trim(), phone: form.phone.trim() || null });
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
          <TextInput label={t("setup.email")} description={t("my_account.email_fixed")} readOnly className="read-only" value={profile.email} />
          <TextInput
            label={t("my_account.phone")} description={t("my_account.phone_hint")} type="tel" inputMode="tel" autoComplete="tel" maxLength={32}
            value={form.phone} error={fieldError(i18n, saving.error, "phone")}
            onChange={(event) => change({ phone: event.currentTarget.value })}
          />
          <Select
            label={t("setup.region")} description={t("my_account.region_hint")} required searchable data={list} limit={300}
            value={form.region} nothingFoundMessage={t("setup.region_none")} allowDeselect={false}
            onChange={(chosen) => change({ region: chosen ?? form.region })}
          />
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
          {fieldError(i18n, saving.error, "phone") ? null : <ErrorNote error={saving.error} />}
          <Group>
            <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
            <Text role="status" c="dimmed">{saving.isSuccess ? t("company.saved") : ""}</Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
