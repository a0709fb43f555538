// The device has a password already: health is read with it, so the wizard asks for it.
import { Button, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { giveLogin } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import type { StepProperties } from "./StepForm";
import { useStep } from "./useAddition";

export function LoginStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ user_name: "admin", password: "" });
  const step = useStep(() => giveLogin(addition.id, form));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.user_name && form.password) step.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <TextInput
          label={t("devices.user")} required maxLength={32} spellCheck={false} autoCapitalize="none" autoComplete="off"
          value={form.user_name} onChange={(event) => setForm({ ...form, user_name: event.currentTarget.value })}
        />
        <SecretInput
          label={t("devices.password")} required maxLength={64} value={form.password} data-autofocus autoFocus
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
        />
        <ErrorNote error={step.error} />
        <Button type="submit" size="lg" loading={step.isPending} disabled={!form.user_name || !form.password}>{t("do.next")}</Button>
      </Stack>
    </form>
  );
}
