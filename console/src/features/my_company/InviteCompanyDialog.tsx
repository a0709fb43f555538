// Invites a company to serve an owner's site, by mail.
import { Alert, Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createCompanyInvitation } from "../../api/calls";
import type { MySite } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";

interface Properties { site: MySite; opened: boolean; onClose: () => void; onDone: () => void }

export function InviteCompanyDialog({ site, opened, onClose, onDone }: Properties) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState({ email: "", site: true, remark: "" });
  const [tried, setTried] = useState(false);
  const inviting = useMutation({
    mutationFn: () => createCompanyInvitation(site.id, { email: form.email.trim(), remark: form.remark.trim(), asks: { site: form.site, devices: [] } }),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const change = (part: Partial<typeof form>) => {
    inviting.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isEmail(form.email.trim())) inviting.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("my_company.invite_title", { site: site.name })} size={560}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Text c="dimmed" size="sm">{t("my_company.invite_text")}</Text>
          {site.company ? <Alert role="note" className="note note-warn">{t("my_company.invite_instead", { company: site.company })}</Alert> : null}
          <TextInput
            label={t("my_company.email")} required type="email" inputMode="email" maxLength={254} data-autofocus autoComplete="off" value={form.email}
            error={tried && !isEmail(form.email.trim()) ? t("form.email") : fieldError(i18n, inviting.error, "email")}
            onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <Checkbox
            label={t("my_company.let_manage")} description={t("my_company.let_manage_hint")} checked={form.site}
            onChange={(event) => change({ site: event.currentTarget.checked })}
          />
          <Textarea label={t("handover.remark")} maxLength={500} autosize minRows={2} value={form.remark} onChange={(event) => change({ remark: event.currentTarget.value })} />
          <ErrorNote error={inviting.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={inviting.isPending}>{t("my_company.invite_do")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
