// Sign-in. A locked account is told until when.
import { Button, Paper, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { getSetup, signIn } from "../../api/calls";
import { Outside } from "../../shell/Outside";
import { ErrorNote } from "../../ui/ErrorNote";
import { sessionQuery, useTakeSession } from "./session";

export function SignInPage() {
  const { t } = useTranslation();
  const take = useTakeSession();
  const from = (useLocation().state as { from?: string } | null)?.from ?? "/sites";
  const session = useQuery(sessionQuery);
  const setup = useQuery({ queryKey: ["setup"], queryFn: getSetup, enabled: session.data === null });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const entering = useMutation({ mutationFn: signIn, onSuccess: take });

  if (session.data) return <Navigate to={from} replace />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate({ email: email.trim(), password });
  };
  return (
    <Outside title={t("session.title")}>
      <Paper className="card outside-card" maw={420}>
        <Title order={1} fz="h2" mb="lg">{t("session.title")}</Title>
        <form onSubmit={submit} noValidate>
          <Stack>
            <TextInput
              label={t("setup.email")} type="email" autoComplete="username" inputMode="email" required autoFocus
              value={email} onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={t("setup.password")} autoComplete="current-password" required
              value={password} onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": t("session.show_password"), tabIndex: 0 }}
            />
            <ErrorNote error={entering.error} />
            <Button type="submit" size="lg" loading={entering.isPending} disabled={!email || !password}>
              {t("session.submit")}
            </Button>
          </Stack>
        </form>
      </Paper>
    </Outside>
  );
}
