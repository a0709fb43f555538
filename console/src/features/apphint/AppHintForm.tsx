// Which app the company's end users need; nothing set means this server's own pages.
import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateCompany } from "../../api/calls";
import type { AppHint, Session } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { isWebAddress } from "../../ui/forms";
import { useSession } from "../session/session";

const EMPTY: AppHint = { name: "", version: "", link: "" };

export function AppHintForm() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { company, staff } = useSession();
  const [form, setForm] = useState<AppHint>(company.app_hint ?? EMPTY);
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: (app_hint: AppHint | null) => updateCompany({ app_hint }),
    onSuccess: (saved) => {
      setForm(saved.app_hint ?? EMPTY);
      client.setQueryData<Session | null>(["session"], (before) => (before ? { ...before, company: saved } : before));
      void client.invalidateQueries({ queryKey: ["app_hint"] });
    },
  });
  const change = (part: Partial<AppHint>) => {
    saving.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!form.name.trim() || !isWebAddress(form.link)) return;
    saving.mutate({ name: form.name.trim(), version: form.version.trim(), link: form.link.trim() });
  };
  const locked = !staff.is_admin;
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="app-hint-form">
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} fz="h4" id="app-hint-form">{t("app_hint.form_title")}</Title>
            <Text size="sm" c="dimmed">{t("app_hint.form_text")}</Text>
          </div>
          <TextInput
            label={t("app_hint.name")} required maxLength={64} disabled={locked} value={form.name} placeholder="Siteward"
            error={tried && !form.name.trim() ? t("form.required") : undefined} onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t("app_hint.least_version")} description={t("sites.address_hint")} maxLength={32} disabled={locked} value={form.version}
            onChange={(event) => change({ version: event.currentTarget.value })}
          />
          <TextInput
            label={t("app_hint.address")} required type="url" disabled={locked} value={form.link} placeholder={company.public_url}
            error={tried && !isWebAddress(form.link) ? t("form.url") : undefined} onChange={(event) => change({ link: event.currentTarget.value })}
          />
          <ErrorNote error={saving.error} />
          <Group>
            <Button type="submit" loading={saving.isPending} disabled={locked}>{t("app_hint.save")}</Button>
            {company.app_hint ? (
              <Button variant="default" disabled={locked || saving.isPending} onClick={() => saving.mutate(null)}>{t("app_hint.reset")}</Button>
            ) : null}
            <Text role="status" c="dimmed">{saving.isSuccess ? t("company.saved") : ""}</Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
