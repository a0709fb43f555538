// The first step of a sign-in.
import { Anchor, Button, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ErrorNote } from "../../ui/ErrorNote";

interface Form { email: string; password: string }
interface Properties {
  form: Form; setForm: (form: Form) => void; error: unknown; busy: boolean; onEnter: () => void;
  /** What an end user's page has in other words: where one signs in, by what, what to do without a password or an account. */
  title?: string; label?: string; type?: "email" | "text"; forgot?: string; children?: ReactNode;
}

export function PasswordStep({ form, setForm, error, busy, onEnter, title, label, type = "email", forgot = "/forgot", children }: Properties) {
  const { t } = useTranslation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnter();
  };
  return (
    <>
      <Title order={1} fz="h2" mb="lg">{title ?? t("session.title")}</Title>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={label ?? t("setup.email")} type={type} autoComplete="username" inputMode="email" required autoFocus
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
          <Anchor component={Link} to={forgot} state={{ email: form.email.trim() }} ta="center" className="outside-link">
            {t("session.forgot")}
          </Anchor>
          {children}
        </Stack>
      </form>
    </>
  );
}
