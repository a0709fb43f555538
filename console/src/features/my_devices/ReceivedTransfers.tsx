// Reminders: devices that somebody wants to give to an end user. They wait until they are accepted or refused.
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconGift } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { ReceiveDialog } from "./ReceiveDialog";
import { calledOf, listReceivedTransfers, refuseReceivedTransfer, type ReceivedTransfer } from "./shapes";

/** What is another one once a device came or was refused. */
const CHANGED = ["my received transfers", "my sites", "my devices"];

export function ReceivedTransfers({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: ["my received transfers"], queryFn: listReceivedTransfers, refetchInterval: poll });
  const [received, setReceived] = useState<{ name: string; deviceId: string } | null>(null);
  const items = list.data?.items ?? [];
  return (
    <>
      {items.length === 0 ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      <div role="status">
        {received ? (
          <Alert role="note" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>
            <Link to={`/my/devices/${received.deviceId}`}>{t("transfer.received", { name: received.name })}</Link>
          </Alert>
        ) : null}
      </div>
      {items.map((transfer) => (
        <TransferReminder key={transfer.id} transfer={transfer} onReceived={(deviceId) => setReceived({ name: calledOf(transfer), deviceId })} />
      ))}
    </>
  );
}

function TransferReminder({ transfer, onReceived }: { transfer: ReceivedTransfer; onReceived: (deviceId: string) => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const accepting = useDialog();
  const again = () => {
    for (const key of CHANGED) void client.invalidateQueries({ queryKey: [key] });
  };
  const refusing = useMutation({ mutationFn: () => refuseReceivedTransfer(transfer.id), onSettled: again });
  const title = `transfer-${transfer.id}`;
  const name = calledOf(transfer);
  return (
    <section className="card" aria-labelledby={title}>
      <Stack gap="sm">
        <div>
          <Title order={2} fz="h4" id={title} className="wrap">
            <IconGift size={20} aria-hidden="true" /> {t("transfer.offer_title", { giver: transfer.giver, name })}
          </Title>
          <Text size="sm" c="dimmed" className="wrap">
            {[transfer.model, transfer.serial, formatInstant(transfer.created_at, i18n.language)].filter(Boolean).join(" · ")}
          </Text>
        </div>
        {transfer.region_differs ? <Alert role="note" className="note note-warn">{t("transfer.region_differs")}</Alert> : null}
        <ErrorNote error={refusing.error} />
        <Group>
          {transfer.region_differs ? null : <Button aria-label={`${t("transfer.accept")}: ${name}`} onClick={accepting.open}>{t("transfer.accept")}</Button>}
          <Button variant="default" aria-label={`${t("transfer.refuse")}: ${name}`} loading={refusing.isPending} onClick={() => refusing.mutate()}>{t("transfer.refuse")}</Button>
        </Group>
      </Stack>
      {accepting.key > 0 ? (
        <ReceiveDialog
          key={accepting.key} transfer={transfer} opened={accepting.opened} onClose={accepting.close}
          onReceived={(deviceId) => {
            accepting.close();
            onReceived(deviceId);
            again();
          }}
        />
      ) : null}
    </section>
  );
}
