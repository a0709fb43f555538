// A new password of one's own. It ends every other session, and the person's accounts on alarm panels follow.
import { Alert, Button, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { OwnPasswordChange } from "../../api/types";
import { CodeField, codeOf } from "../../ui/CodeField";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { passwordRules } from "../setup/passwordRules";
import { PasswordRules } from "../setup/PasswordRules";
import { useAccount, type SignInProfile } from "./account";

const EMPTY = { password: "", chosen: "", code: "" };

export function PasswordCard({ profile }: { profile: SignInProfile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const account = useAccount();
  const [form, setForm] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const changing = useMutation({
    mutationFn: (body: OwnPasswordChange) => account.changePassword(client, body),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [account.sessionsKey] });
      setForm(EMPTY);
      setTried(false);
    },
  });
  const change = (part: Partial<typeof form>) => {
    changing.reset();
    setForm({ ...form, ...part });
  };
  const strong = passwordRules(form.chosen, profile.email).every(({ met }) => met);
  const code = profile.two_factor.enabled ? codeOf(form.code) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.password && strong && code !== "") changing.mutate({ password: form.password, new_password: form.chosen, code });
  };
  const required = (text: string | undefined) => (tried && text === "" ? t("form.required") : undefined);
  return (
    <Paper className="card" component="section" aria-labelledby="my-password">
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} fz="h4" id="my-password">{t("profile.password")}</Title>
            <Text size="sm" c="dimmed">{t("profile.password_hint")}</Text>
          </div>
          {/* Password managers look for whose password it is. */}
          <input type="text" autoComplete="username" value={profile.email} readOnly hidden />
          <SecretInput
            label={t("profile.password_now")} autoComplete="current-password" required value={form.password} error={required(form.password)}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
          <div>
            <SecretInput
              label={t("profile.password_new")} required value={form.chosen} error={tried && !strong} maxLength={64}
              aria-describedby="new-password-rules" onChange={(event) => change({ chosen: event.currentTarget.value })}
            />
            <div id="new-password-rules"><PasswordRules password={form.chosen} email={profile.email} /></div>
          </div>
          {code === undefined ? null : <CodeField value={form.code} onChange={(text) => change({ code: text })} error={required(code)} recovery />}
          <ErrorNote error={changing.error} />
          {changing.isSuccess ? (
            <Alert role="status" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("profile.password_changed")}</Alert>
          ) : null}
          <div><Button type="submit" loading={changing.isPending}>{t("profile.password_change")}</Button></div>
        </Stack>
      </form>
    </Paper>
  );
}
