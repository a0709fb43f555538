// Webhooks: who else is told of what happens, how it goes, and the way to a new one.
import { Button, Stack } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listWebhooks } from "../../api/calls";
import type { WebhookWithSecret } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { SecretDialog } from "./SecretDialog";
import { WebhookDialog } from "./WebhookDialog";
import { WebhookPanel } from "./WebhookPanel";

const POLL = 5000;

export function WebhooksPage() {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: ["webhooks"], queryFn: listWebhooks, refetchInterval: POLL });
  const making = useDialog();
  const [told, setTold] = useState<WebhookWithSecret | null>(null);
  const items = list.data?.items ?? [];
  const add = <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={making.open}>{t("webhooks.add")}</Button>;
  return (
    <Stack gap="lg">
      <PageHead title={t("webhooks.title")} hint={t("webhooks.hint")} up={{ to: "/company", text: t("company.title") }} actions={items.length > 0 ? add : null} />
      {list.isPending ? <LoadingRows rows={2} /> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && items.length === 0 ? (
        <Empty Icon={IconWebhook} title={t("webhooks.none")} hint={t("webhooks.none_hint")}>{add}</Empty>
      ) : null}
      {items.map((webhook) => <WebhookPanel key={webhook.id} webhook={webhook} onSecret={setTold} />)}
      <WebhookDialog key={making.key} opened={making.opened} onClose={making.close} onMade={setTold} />
      <SecretDialog told={told} onClose={() => setTold(null)} />
    </Stack>
  );
}
