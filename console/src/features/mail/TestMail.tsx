// One mail to try the settings with; what goes wrong is told as exactly as the mail server tells it.
import { Alert, Button, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { testMailSettings } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";
import { useSession } from "../session/session";

export function TestMail() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const [receiver, setReceiver] = useState(staff.email);
  const [tried, setTried] = useState(false);
  const testing = useMutation({
    mutationFn: testMailSettings,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["mails"] });
      void client.invalidateQueries({ queryKey: ["mail_settings"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isEmail(receiver.trim())) testing.mutate(receiver.trim());
  };
  const said = testing.error instanceof ApiError ? String(testing.error.details.said ?? "") : "";
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="mail-test">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Title order={2} fz="h4" id="mail-test">{t("mail.test")}</Title>
          <TextInput
            label={t("mail.receiver")} required type="email" maxLength={254} value={receiver}
            error={tried && !isEmail(receiver.trim()) ? t("form.email") : undefined}
            onChange={(event) => {
              testing.reset();
              setReceiver(event.currentTarget.value);
            }}
          />
          <ErrorNote error={testing.error} />
          {said ? <Text size="sm">{t("mail.said")} <code className="mono">{said}</code></Text> : null}
          {testing.isSuccess ? <Alert role="status" className="note note-good">{t("mail.test_sent", { receiver: testing.data.receiver })}</Alert> : null}
          <div><Button type="submit" loading={testing.isPending}>{t("mail.test_send")}</Button></div>
        </Stack>
      </form>
    </Paper>
  );
}
