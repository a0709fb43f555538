// The code has a password of its own.
import { Button, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "../../ui/ErrorNote";

interface Properties { sealed: boolean; busy: boolean; error: unknown; onPassword: (text: string) => void }

export function PasswordStep({ sealed, busy, error, onPassword }: Properties) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password) onPassword(password);
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Title order={3} fz="h4">{t(sealed ? "scan.sealed_title" : "scan.password_title")}</Title>
        <Text c="dimmed" size="sm">{t(sealed ? "scan.sealed_text" : "scan.password_text")}</Text>
        <PasswordInput
          label={t("scan.password")} autoFocus autoComplete="off" value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("session.show_password"), tabIndex: 0 }}
        />
        <ErrorNote error={error} />
        <Button type="submit" size="lg" loading={busy} disabled={!password}>{t("scan.unlock")}</Button>
      </Stack>
    </form>
  );
}
