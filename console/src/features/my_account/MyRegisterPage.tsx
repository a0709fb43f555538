// An end user asks for an account. The answer is the same whether there is one or not: the mail tells.
import { Alert, Anchor, Button, Paper, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { register } from "../../api/calls";
import type { MailLanguage } from "../../api/types";
import { Outside } from "../../shell/Outside";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";
import { SecretInput } from "../../ui/SecretInput";
import { mySessionQuery } from "../my/session";
import { countries, likelyCountry } from "../setup/countries";
import { passwordRules } from "../setup/passwordRules";
import { PasswordRules } from "../setup/PasswordRules";
import { browserTimeZone } from "../sites/timeZones";

export function MyRegisterPage() {
  const { t, i18n } = useTranslation();
  const { state } = useLocation() as { state: { from?: string } | null };
  const session = useQuery(mySessionQuery);
  const [form, setForm] = useState({ name: "", email: "", region: likelyCountry(navigator.languages) ?? "", password: "" });
  const [tried, setTried] = useState(false);
  const list = useMemo(() => countries(i18n.language), [i18n.language]);
  const asking = useMutation({ mutationFn: register });
  const email = form.email.trim();
  const strong = passwordRules(form.password, email).every(({ met }) => met);
  const change = (part: Partial<typeof form>) => {
    asking.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!form.name.trim() || !isEmail(email) || !form.region || !strong) return;
    const language = i18n.language as MailLanguage;
    asking.mutate({ ...form, name: form.name.trim(), email, language, time_zone: browserTimeZone() });
  };
  const missing = (bad: boolean, key = "form.required") => (tried && bad ? t(key) : undefined);

  if (session.data) return <Navigate to={state?.from ?? "/my"} replace />;
  return (
    <Outside title={t("my_account.register")}>
      <Paper className="card outside-card" maw={480}>
        <Title order={1} fz="h2">{t("my_account.register")}</Title>
        {asking.isSuccess ? (
          <Stack mt="md">
            <Alert role="status" className="note note-good" icon={<IconMailForward aria-hidden="true" />}>
              {t("my_account.registered", { email })}
            </Alert>
            <Text size="sm" c="dimmed">{t("my_account.registered_hint")}</Text>
          </Stack>
        ) : (
          <form onSubmit={submit} noValidate>
            <Text c="dimmed" mt={4} mb="lg">{t("my_account.register_text")}</Text>
            <Stack>
              <TextInput
                label={t("setup.admin_name")} required autoFocus maxLength={128} autoComplete="name" value={form.name}
                error={missing(!form.name.trim())} onChange={(event) => change({ name: event.currentTarget.value })}
              />
              <TextInput
                label={t("setup.email")} description={t("my_account.email_hint")} type="email" inputMode="email" autoComplete="username" required
                value={form.email} error={missing(!isEmail(email), "form.email")} onChange={(event) => change({ email: event.currentTarget.value })}
              />
              <Select
                label={t("setup.region")} description={t("my_account.region_hint")} required searchable data={list} limit={300}
                value={form.region || null} nothingFoundMessage={t("setup.region_none")} allowDeselect={false} error={missing(!form.region)}
                onChange={(region) => change({ region: region ?? "" })}
              />
              <div>
                <SecretInput
                  label={t("setup.password")} required value={form.password} error={tried && !strong} maxLength={64}
                  aria-describedby="password-rules" onChange={(event) => change({ password: event.currentTarget.value })}
                />
                <div id="password-rules"><PasswordRules password={form.password} email={email} /></div>
              </div>
              <ErrorNote error={asking.error} />
              <Button type="submit" size="lg" loading={asking.isPending}>{t("my_account.register_do")}</Button>
            </Stack>
          </form>
        )}
        <Text ta="center" size="sm" mt="md">
          {t("my_account.has_account")} <Anchor component={Link} to="/my/sign-in" state={state} underline="always" fz="sm">{t("session.title")}</Anchor>
        </Text>
      </Paper>
    </Outside>
  );
}
