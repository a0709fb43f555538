// Makes a webhook, or changes one: its name, where it goes to, and what it is told.
import { Button, Checkbox, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createWebhook, updateWebhook } from "../../api/calls";
import type { EventKind, Webhook, WebhookWithSecret } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isWebAddress } from "../../ui/forms";
import { KINDS } from "./kinds";

interface Properties { opened: boolean; onClose: () => void; webhook?: Webhook; onMade?: (made: WebhookWithSecret) => void }

export function WebhookDialog({ opened, onClose, webhook, onMade }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState({ name: webhook?.name ?? "", url: webhook?.url ?? "", all: !webhook?.kinds.length, kinds: webhook?.kinds ?? [] });
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: async () => {
      const body = { name: form.name.trim(), url: form.url.trim(), kinds: form.all ? [] : form.kinds };
      if (webhook) await updateWebhook(webhook.id, body);
      else onMade?.(await createWebhook(body));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  const someKind = form.all || form.kinds.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.name.trim() && isWebAddress(form.url) && someKind) saving.mutate();
  };
  const toggle = (kind: EventKind, on: boolean) =>
    setForm({ ...form, kinds: on ? [...form.kinds, kind] : form.kinds.filter((other) => other !== kind) });
  return (
    <Dialog opened={opened} onClose={onClose} title={t(webhook ? "webhooks.edit" : "webhooks.add")} size={640}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t("webhooks.name")} required maxLength={128} data-autofocus value={form.name}
            error={tried && !form.name.trim() ? t("form.required") : undefined}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <TextInput
            label={t("webhooks.url")} description={t("webhooks.url_hint")} required type="url" maxLength={2048} value={form.url}
            error={tried && !isWebAddress(form.url) ? t("form.url") : undefined}
            onChange={(event) => setForm({ ...form, url: event.currentTarget.value })}
          />
          <Checkbox
            label={t("webhooks.all_kinds")} checked={form.all} onChange={(event) => setForm({ ...form, all: event.currentTarget.checked })}
          />
          {form.all ? null : (
            <div role="group" aria-label={t("webhooks.kinds")}>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
                {KINDS.map((kind) => (
                  <Checkbox
                    key={kind} label={t(`event_kind.${kind}`)} checked={form.kinds.includes(kind)}
                    onChange={(event) => toggle(kind, event.currentTarget.checked)}
                  />
                ))}
              </SimpleGrid>
              {tried && !someKind ? <Text size="sm" c="red" mt="xs">{t("webhooks.kind_needed")}</Text> : null}
            </div>
          )}
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t(webhook ? "do.save" : "webhooks.make")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
