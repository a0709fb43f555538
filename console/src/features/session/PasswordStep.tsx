// The first step of a sign-in.
import { Anchor, Button, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorNote } from "../../ui/ErrorNote";

interface Form { email: string; password: string }
interface Properties { form: Form; setForm: (form: Form) => void; error: unknown; busy: boolean; onEnter: () => void }

export function PasswordStep({ form, setForm, error, busy, onEnter }: Properties) {
  const { t } = useTranslation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnter();
  };
  return (
    <>
      <Title order={1} fz="h2" mb="lg">{t("session.title")}</Title>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t("setup.email")} type="email" autoComplete="username" inputMode="email" required autoFocus
            value={form.email} onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
          />
          <PasswordInput
            label={t("setup.password")} autoComplete="current-password" required
            value={form.password} onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
            visibilityToggleButtonProps={{ "aria-label": t("session.show_password"), tabIndex: 0 }}
          />
          <ErrorNote error={error} />
          <Button type="submit" size="lg" loading={busy} disabled={!form.email || !form.password}>
            {t("session.submit")}
          </Button>
          <Anchor component={Link} to="/forgot" state={{ email: form.email.trim() }} ta="center" className="outside-link">
            {t("session.forgot")}
          </Anchor>
        </Stack>
      </form>
    </>
  );
}
