// Asks for a link to choose a new password. The answer is the same whether the account exists or not.
import { Alert, Anchor, Button, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { askForReset } from "../../api/calls";
import { Outside } from "../../shell/Outside";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";

interface Properties { ask?: (email: string) => Promise<unknown>; back?: string }

export function ForgotPage({ ask = askForReset, back = "/sign-in" }: Properties) {
  const { t } = useTranslation();
  const [email, setEmail] = useState((useLocation().state as { email?: string } | null)?.email ?? "");
  const [tried, setTried] = useState(false);
  const asking = useMutation({ mutationFn: ask });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isEmail(email.trim())) asking.mutate(email.trim());
  };
  return (
    <Outside title={t("forgot.title")}>
      <Paper className="card outside-card" maw={420}>
        <Title order={1} fz="h2">{t("forgot.title")}</Title>
        {asking.isSuccess ? (
          <Stack mt="md">
            <Alert role="status" className="note note-good" icon={<IconMailForward aria-hidden="true" />}>
              {t("forgot.asked", { email: asking.variables })}
            </Alert>
            <Text size="sm" c="dimmed">{t("forgot.none_came")}</Text>
          </Stack>
        ) : (
          <form onSubmit={submit} noValidate>
            <Text c="dimmed" mt={4} mb="lg">{t("forgot.text")}</Text>
            <Stack>
              <TextInput
                label={t("setup.email")} type="email" inputMode="email" autoComplete="username" required autoFocus value={email}
                error={tried && !isEmail(email.trim()) ? t("form.email") : undefined}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <ErrorNote error={asking.error} />
              <Button type="submit" size="lg" loading={asking.isPending}>{t("forgot.send")}</Button>
            </Stack>
          </form>
        )}
        <Anchor component={Link} to={back} mt="md" ta="center" display="block" className="outside-link">{t("forgot.back")}</Anchor>
      </Paper>
    </Outside>
  );
}
