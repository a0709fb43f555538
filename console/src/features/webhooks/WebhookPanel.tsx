// One webhook: how it goes, what can be done with it, and what it was told.
import { Button, Group, Paper, Stack, Switch, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconCircleCheck, IconCircleOff, IconClock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteWebhook, renewWebhookSecret, testWebhook, updateWebhook } from "../../api/calls";
import type { Webhook, WebhookWithSecret } from "../../api/types";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { State } from "../devices/State";
import { Deliveries } from "./Deliveries";
import { ReplayDialog } from "./ReplayDialog";
import { WebhookDialog } from "./WebhookDialog";

const LOOKS = {
  off: { tone: "unknown", Icon: IconCircleOff }, failing: { tone: "offline", Icon: IconAlertTriangle },
  well: { tone: "healthy", Icon: IconCircleCheck }, new: { tone: "unknown", Icon: IconClock },
} as const;

export function WebhookPanel({ webhook, onSecret }: { webhook: Webhook; onSecret: (told: WebhookWithSecret) => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const editing = useDialog();
  const renewing = useDialog();
  const deleting = useDialog();
  const replaying = useDialog();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["webhooks"] });
    void client.invalidateQueries({ queryKey: ["webhook_deliveries"] });
  };
  const switching = useMutation({ mutationFn: (enabled: boolean) => updateWebhook(webhook.id, { enabled }), onSuccess: refresh });
  const testing = useMutation({ mutationFn: () => testWebhook(webhook.id) });
  const why = (code: string | null, status: number | null) =>
    code ? `${codeText(i18n, code, code)}${status ? ` (${status})` : ""}` : "";
  const state = !webhook.enabled ? "off" : webhook.failing_since ? "failing" : webhook.delivered_at ? "well" : "new";
  const result = testing.data ? (testing.data.taken ? t("webhooks.test_taken") : why(testing.data.error_code, testing.data.http_status)) : "";
  return (
    <Paper className="card" component="section" aria-label={webhook.name}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div className="grow">
            <Title order={2} fz="h4">{webhook.name}</Title>
            <Text size="sm" className="wrap">{webhook.url}</Text>
            <Text size="sm" c="dimmed">
              {webhook.kinds.length ? webhook.kinds.map((kind) => t(`event_kind.${kind}`)).join(", ") : t("webhooks.all_kinds")}
            </Text>
          </div>
          <State {...LOOKS[state]} text={t(`webhook_state.${state}`)} />
        </Group>
        {state === "failing" && webhook.failing_since ? (
          <Text>{t("webhooks.failing", { since: formatInstant(webhook.failing_since, i18n.language) })} {why(webhook.error_code, webhook.http_status)}</Text>
        ) : null}
        {webhook.delivered_at ? (
          <Text size="sm" c="dimmed">{t("webhooks.delivered", { at: formatInstant(webhook.delivered_at, i18n.language) })}</Text>
        ) : null}
        <Switch
          label={t("webhooks.enabled")} checked={webhook.enabled} disabled={switching.isPending}
          onChange={(event) => switching.mutate(event.currentTarget.checked)}
        />
        <ErrorNote error={switching.error ?? testing.error} />
        <Group gap="sm">
          <Button variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>{t("webhooks.test")}</Button>
          <Button variant="default" onClick={editing.open}>{t("webhooks.edit")}</Button>
          <Button variant="default" onClick={replaying.open}>{t("webhooks.replay")}</Button>
          <Button variant="default" onClick={renewing.open}>{t("webhooks.renew")}</Button>
          <Button variant="default" onClick={deleting.open}>{t("do.delete")}</Button>
        </Group>
        <div>
          <Button
            variant="default" aria-expanded={open} rightSection={<IconChevronDown size={16} aria-hidden="true" />} onClick={() => setOpen(!open)}
          >
            {t("webhooks.deliveries")}
          </Button>
        </div>
        <Text role="status" size="sm">{result}</Text>
        {open ? <Deliveries webhookId={webhook.id} /> : null}
      </Stack>
      <WebhookDialog key={editing.key} opened={editing.opened} onClose={editing.close} webhook={webhook} />
      <ReplayDialog key={`r${replaying.key}`} webhookId={webhook.id} opened={replaying.opened} onClose={replaying.close} onDone={refresh} />
      <ConfirmDialog
        opened={renewing.opened} title={t("webhooks.renew")} text={t("webhooks.renew_text")} action={t("webhooks.renew")}
        run={async () => onSecret(await renewWebhookSecret(webhook.id))} onClose={renewing.close}
        onDone={() => { refresh(); renewing.close(); }}
      />
      <ConfirmDialog
        opened={deleting.opened} title={t("webhooks.delete_title", { name: webhook.name })} text={t("webhooks.delete_text")} action={t("do.delete")}
        run={() => deleteWebhook(webhook.id)} onClose={deleting.close} onDone={() => { refresh(); deleting.close(); }}
      />
    </Paper>
  );
}
