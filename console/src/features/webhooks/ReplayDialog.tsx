// Tells a range of time once more.
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { replayWebhook } from "../../api/calls";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { instantOf, lastHour } from "./range";

interface Properties { webhookId: string; opened: boolean; onClose: () => void; onDone: () => void }

export function ReplayDialog({ webhookId, opened, onClose, onDone }: Properties) {
  const { t } = useTranslation();
  const [range, setRange] = useState(() => lastHour(new Date()));
  const telling = useMutation({
    mutationFn: () => replayWebhook(webhookId, { from: instantOf(range.from) ?? "", until: instantOf(range.until) ?? "" }),
    onSuccess: onDone,
  });
  const good = instantOf(range.from) !== null && instantOf(range.until) !== null && range.from < range.until;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (good) telling.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("webhooks.replay")} size={480}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text>{t("webhooks.replay_text")}</Text>
          <TextInput
            type="datetime-local" label={t("webhooks.from")} required value={range.from}
            onChange={(event) => setRange({ ...range, from: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local" label={t("webhooks.until")} required value={range.until} error={good ? undefined : t("webhooks.range_empty")}
            onChange={(event) => setRange({ ...range, until: event.currentTarget.value })}
          />
          <ErrorNote error={telling.error} />
          <Text role="status">{telling.data ? t("webhooks.replayed", { count: telling.data.events }) : ""}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.close")}</Button>
            <Button type="submit" loading={telling.isPending} disabled={!good}>{t("webhooks.replay_do")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
