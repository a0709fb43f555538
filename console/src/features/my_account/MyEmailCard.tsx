// Another e-mail address of an end user. It is theirs once they open the link in the mail to it; the present one is told.
import { Alert, Button, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { changeMyEmail } from "../../api/calls";
import type { MyEmailChange, MyProfile } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { CodeField, codeOf } from "../../ui/CodeField";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";

const EMPTY = { email: "", password: "", code: "" };

export function MyEmailCard({ profile }: { profile: MyProfile }) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const asking = useMutation({
    mutationFn: (body: MyEmailChange) => changeMyEmail(body),
    onSuccess: () => {
      setForm(EMPTY);
      setTried(false);
    },
  });
  const change = (part: Partial<typeof form>) => {
    asking.reset();
    setForm({ ...form, ...part });
  };
  const code = profile.two_factor.enabled ? codeOf(form.code) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.email.trim() && form.password && code !== "") asking.mutate({ email: form.email.trim(), password: form.password, code });
  };
  const required = (text: string | undefined) => (tried && text === "" ? t("form.required") : undefined);
  const wrongEmail = fieldError(i18n, asking.error, "email");
  return (
    <Paper className="card" component="section" aria-labelledby="my-email">
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} fz="h4" id="my-email">{t("my_account.change_email")}</Title>
            <Text size="sm" c="dimmed">{t("my_account.change_email_hint", { email: profile.email })}</Text>
          </div>
          <TextInput
            label={t("my_account.new_email")} type="email" required autoComplete="off" maxLength={254} value={form.email}
            error={wrongEmail ?? required(form.email.trim())} onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <SecretInput
            label={t("profile.own_password")} autoComplete="current-password" required value={form.password} error={required(form.password)}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
          {code === undefined ? null : <CodeField value={form.code} onChange={(text) => change({ code: text })} error={required(code)} recovery />}
          {wrongEmail ? null : <ErrorNote error={asking.error} />}
          {asking.isSuccess ? (
            <Alert role="status" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>
              {t("my_account.change_email_asked", { email: asking.variables.email })}
            </Alert>
          ) : null}
          <div><Button type="submit" loading={asking.isPending}>{t("my_account.change_email_do")}</Button></div>
        </Stack>
      </form>
    </Paper>
  );
}
