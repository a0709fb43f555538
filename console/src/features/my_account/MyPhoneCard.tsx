// Shows that a phone number is one's own, by a code that comes there in a text message.
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { confirmPhoneCode, createPhoneCode } from "../../api/calls";
import type { MyProfile } from "../../api/types";
import { codeOf, isSentCode, SentCodeField } from "../../ui/CodeField";
import { ErrorNote } from "../../ui/ErrorNote";
import { myAccount } from "./myAccount";

export function MyPhoneCard({ profile }: { profile: MyProfile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const { phone, phone_confirmed } = profile;
  const waits = phone && !phone_confirmed;
  // The code that came stays good where another cannot be sent.
  const [sent, setSent] = useState(false);
  const sending = useMutation({ mutationFn: () => createPhoneCode(phone ?? ""), onSuccess: () => setSent(true) });
  const confirming = useMutation({
    mutationFn: () => confirmPhoneCode(codeOf(code)),
    onSuccess: (saved) => {
      setCode("");
      setTried(false);
      setSent(false);
      client.setQueryData([myAccount.profileKey], saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isSentCode(code)) confirming.mutate();
  };
  return (
    <Paper className="card" component="section" aria-labelledby="my-phone">
      <Stack>
        <Title order={2} fz="h4" id="my-phone">{t("my_phone.title")}</Title>
        {phone && phone_confirmed ? (
          <>
            <Group role="status">
              <Text className="mono">{phone}</Text>
              <span className="badge tone-healthy"><IconCircleCheck size={16} stroke={2} aria-hidden="true" />{t("my_phone.confirmed")}</span>
            </Group>
            <Text size="sm" c="dimmed">{t("my_phone.done")}</Text>
          </>
        ) : <Text c="dimmed">{t(phone ? "my_phone.hint" : "my_phone.none")}</Text>}
        {waits && !sent ? (
          <>
            <Group>
              <Button variant="default" loading={sending.isPending} onClick={() => sending.mutate()}>{t("my_phone.send", { phone })}</Button>
            </Group>
            <ErrorNote error={sending.error} />
          </>
        ) : null}
        {waits && sent ? (
          <form onSubmit={submit} noValidate autoComplete="off">
            <Stack>
              <Text role="status">{t("my_phone.sent", { phone })}</Text>
              <SentCodeField
                label={t("my_phone.code")} value={code} error={tried && !isSentCode(code) ? t("my_phone.code_needed") : undefined}
                onChange={(text) => {
                  confirming.reset();
                  setCode(text);
                }}
              />
              <ErrorNote error={confirming.error ?? sending.error} />
              <Group>
                <Button type="submit" loading={confirming.isPending}>{t("my_phone.confirm")}</Button>
                <Button variant="default" loading={sending.isPending} onClick={() => sending.mutate()}>{t("my_phone.again")}</Button>
              </Group>
            </Stack>
          </form>
        ) : null}
      </Stack>
    </Paper>
  );
}
