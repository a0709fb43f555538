// Corrects whom an invitation goes to: it is sent anew, and the old link is dead.
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateHandover } from "../../api/calls";
import type { Handover } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";

interface Properties { handover: Handover; opened: boolean; onClose: () => void; onSaved: () => void }

export function CorrectDialog({ handover, opened, onClose, onSaved }: Properties) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState({ email: handover.email, name: handover.name, phone: handover.phone ?? "" });
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => updateHandover(handover.id, { email: form.email.trim(), name: form.name.trim(), phone: form.phone.trim() }),
    onSuccess: () => {
      onSaved();
      onClose();
    },
  });
  const change = (part: Partial<typeof form>) => {
    saving.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isEmail(form.email.trim())) saving.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("handover.correct_title")} size={520}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Text c="dimmed" size="sm">{t("handover.correct_text")}</Text>
          <TextInput
            label={t("setup.email")} required type="email" inputMode="email" maxLength={254} data-autofocus autoComplete="off" value={form.email}
            error={tried && !isEmail(form.email.trim()) ? t("form.email") : fieldError(i18n, saving.error, "email")}
            onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <TextInput label={t("staff.name")} maxLength={128} autoComplete="off" value={form.name} onChange={(event) => change({ name: event.currentTarget.value })} />
          <TextInput
            label={t("handover.phone")} type="tel" inputMode="tel" maxLength={32} autoComplete="off" value={form.phone} placeholder="+49 30 1234567"
            error={fieldError(i18n, saving.error, "phone")} onChange={(event) => change({ phone: event.currentTarget.value })}
          />
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t("handover.correct_do")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
