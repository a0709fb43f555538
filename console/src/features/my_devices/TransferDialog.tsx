// Begins to give a device away: to whom, and the code of its label as a proof that one holds it.
import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { fieldError } from "../../texts/errors";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { createDeviceTransfer } from "./shapes";

interface Properties { deviceId: string; name: string; opened: boolean; onClose: () => void }

export function TransferDialog({ deviceId, name, opened, onClose }: Properties) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState({ login: "", code: "" });
  const [tried, setTried] = useState(false);
  const beginning = useMutation({
    mutationFn: () => createDeviceTransfer({ device_id: deviceId, login: form.login.trim(), verification_code: form.code.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["my device transfers"] });
      onClose();
    },
  });
  const change = (part: Partial<typeof form>) => {
    beginning.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.login.trim() && form.code.trim()) beginning.mutate();
  };
  const need = (text: string) => (tried && !text.trim() ? t("form.required") : undefined);
  const wrongLogin = fieldError(i18n, beginning.error, "login") ? t("transfer.login_wrong") : undefined;
  const wrongCode = fieldError(i18n, beginning.error, "verification_code");
  return (
    <Dialog opened={opened} onClose={onClose} title={t("transfer.dialog", { name })}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Alert role="note" className="note note-warn">{t("transfer.warning")}</Alert>
          <TextInput
            label={t("transfer.login")} description={t("transfer.login_hint")} required maxLength={254} autoComplete="off" autoCapitalize="none"
            spellCheck={false} data-autofocus value={form.login} error={wrongLogin ?? need(form.login)} onChange={(event) => change({ login: event.currentTarget.value })}
          />
          <SecretInput
            label={t("transfer.verification_code")} description={t("transfer.verification_code_hint")} required maxLength={12} value={form.code}
            error={wrongCode ?? need(form.code)} onChange={(event) => change({ code: event.currentTarget.value })}
          />
          <Text size="sm" c="dimmed">{t("transfer.mail_comes")}</Text>
          {wrongLogin || wrongCode ? null : <ErrorNote error={beginning.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={beginning.isPending}>{t("transfer.send_code")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
