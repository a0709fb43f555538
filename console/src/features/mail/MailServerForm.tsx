// The settings of the mail server. The password is written and never read back.
import { Alert, Button, Checkbox, Group, NativeSelect, NumberInput, Paper, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { deleteMailSettings, putMailSettings } from "../../api/calls";
import type { MailServer, MailSettings, SmtpSecurity } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail, isPort } from "../../ui/forms";
import { SecretInput } from "../../ui/SecretInput";
import { useDialog } from "../../ui/useDialog";
import { useSession } from "../session/session";
import { formOf, needsPassword, updateOf, withSecurity, type ServerForm } from "./mailState";

export function MailServerForm({ saved }: { saved: MailSettings | null }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { company } = useSession();
  const [form, setForm] = useState(() => formOf(saved, company.name, i18n.language));
  const [tried, setTried] = useState(false);
  const removal = useDialog();
  const keep = (settings: MailSettings | null) => {
    client.setQueryData<MailServer>(["mail_settings"], { settings });
    void client.invalidateQueries({ queryKey: ["mails"] });
    setForm(formOf(settings, company.name, i18n.language));
    setTried(false);
  };
  const saving = useMutation({ mutationFn: putMailSettings, onSuccess: keep });
  const change = (part: Partial<ServerForm>) => {
    saving.reset();
    setForm((before) => ({ ...before, ...part }));
  };
  const missing = needsPassword(form, saved);
  const good = form.host.trim() && isPort(form.port) && isEmail(form.sender_address.trim()) && (!form.login || form.user_name.trim()) && !missing;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (good) saving.mutate(updateOf(form));
  };
  const required = (text: string) => (tried && !text.trim() ? t("form.required") : undefined);
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="mail-server">
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={2} fz="h4" id="mail-server">{t("mail.server")}</Title>
            <Text size="sm" c="dimmed">{t("mail.server_hint")}</Text>
          </div>
          {saved?.login_refused ? <Alert role="alert" className="note note-bad">{t("mail.login_refused")}</Alert> : null}
          <TextInput
            label={t("mail.host")} required maxLength={255} value={form.host} placeholder="mail.example.com" error={required(form.host)}
            autoCapitalize="none" spellCheck={false} onChange={(event) => change({ host: event.currentTarget.value })}
          />
          <NativeSelect
            label={t("mail.security")} value={form.security}
            data={(["starttls", "implicit", "none"] as const).map((value) => ({ value, label: t(`mail.security_${value}`) }))}
            onChange={(event) => {
              const security = event.currentTarget.value as SmtpSecurity;
              saving.reset();
              setForm((before) => withSecurity(before, security));
            }}
          />
          {form.security === "none" ? <Alert role="note" className="note note-warn">{t("mail.in_the_open")}</Alert> : null}
          <NumberInput
            label={t("mail.port")} required min={1} max={65_535} hideControls allowDecimal={false} allowNegative={false} value={form.port}
            error={tried && !isPort(form.port) ? t("form.number") : undefined} onChange={(port) => change({ port })}
          />
          <Checkbox label={t("mail.login")} checked={form.login} onChange={(event) => change({ login: event.currentTarget.checked })} />
          {form.login ? (
            <>
              <TextInput
                label={t("mail.user_name")} required maxLength={255} value={form.user_name} error={required(form.user_name)} autoComplete="off"
                autoCapitalize="none" spellCheck={false} onChange={(event) => change({ user_name: event.currentTarget.value })}
              />
              <SecretInput
                label={t("mail.password")} description={saved?.has_password && !missing ? t("mail.password_kept") : undefined} required={missing}
                maxLength={255} value={form.password} error={tried && missing ? t("form.required") : undefined}
                onChange={(event) => change({ password: event.currentTarget.value })}
              />
            </>
          ) : null}
          <TextInput
            label={t("mail.sender_name")} maxLength={128} value={form.sender_name}
            onChange={(event) => change({ sender_name: event.currentTarget.value })}
          />
          <TextInput
            label={t("mail.sender_address")} required type="email" maxLength={254} value={form.sender_address} placeholder="alarms@example.com"
            error={tried && !isEmail(form.sender_address.trim()) ? t("form.email") : undefined}
            onChange={(event) => change({ sender_address: event.currentTarget.value })}
          />
          <NativeSelect
            label={t("mail.language")} value={form.language} data={[{ value: "en", label: "English" }, { value: "ru", label: "Русский" }]}
            onChange={(event) => change({ language: event.currentTarget.value === "ru" ? "ru" : "en" })}
          />
          {form.security === "none" ? null : (
            <Textarea
              label={t("mail.certificate")} description={t("mail.certificate_hint")} maxLength={16_384} rows={3} value={form.certificate}
              spellCheck={false} onChange={(event) => change({ certificate: event.currentTarget.value })}
            />
          )}
          <ErrorNote error={saving.error} />
          <Group>
            <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
            {saved ? <Button variant="default" onClick={removal.open}>{t("mail.remove")}</Button> : null}
            <Text role="status" c="dimmed">{saving.isSuccess ? t("company.saved") : ""}</Text>
          </Group>
        </Stack>
      </form>
      <ConfirmDialog
        key={removal.key} opened={removal.opened} title={t("mail.remove_title")} text={t("mail.remove_text")} action={t("mail.remove")}
        run={deleteMailSettings} onClose={removal.close}
        onDone={() => {
          removal.close();
          keep(null);
        }}
      />
    </Paper>
  );
}
