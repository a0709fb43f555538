// What a webhook was told, newest first; what was given up is sent again from here.
import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconClock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listDeliveries, sendDelivery } from "../../api/calls";
import type { DeliveryState, WebhookDelivery } from "../../api/types";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { State } from "../devices/State";

const STATES: DeliveryState[] = ["waiting", "delivered", "dead"];
const LOOKS = {
  waiting: { tone: "faulty", Icon: IconClock }, delivered: { tone: "healthy", Icon: IconCircleCheck }, dead: { tone: "offline", Icon: IconAlertTriangle },
} as const satisfies Record<DeliveryState, unknown>;
const POLL = 5000;

export function Deliveries({ webhookId }: { webhookId: string }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [state, setState] = useState("");
  const list = usePages(
    "webhook_deliveries", { webhookId, state: state || undefined },
    ({ webhookId: _, ...filter }) => listDeliveries(webhookId, filter), POLL,
  );
  const sending = useMutation({
    mutationFn: (delivery: WebhookDelivery) => sendDelivery(webhookId, delivery.id),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["webhook_deliveries"] }),
  });
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <NativeSelect
          label={t("mail.filter")} value={state} onChange={(event) => setState(event.currentTarget.value)}
          data={[{ value: "", label: t("mail.any_state") }, ...STATES.map((value) => ({ value, label: t(`delivery_state.${value}`) }))]}
        />
      </Group>
      <ErrorNote error={list.error ?? sending.error} />
      {list.isPending ? <LoadingRows height={40} rows={3} /> : null}
      {list.isSuccess && list.items.length === 0 ? <Text c="dimmed">{t("webhooks.told_nothing")}</Text> : null}
      {list.items.length > 0 ? (
        <table className="table table-stack">
          <thead>
            <tr>{["event", "happened", "state", "again"].map((name) => <th key={name} scope="col">{t(`webhooks.${name}`)}</th>)}</tr>
          </thead>
          <tbody>
            {list.items.map((delivery) => (
              <tr key={delivery.id}>
                <td data-label={t("webhooks.event")}>
                  <div>
                    {delivery.kind ? t(`event_kind.${delivery.kind}`) : t("webhooks.event_gone")}
                    <Text size="sm" c="dimmed">{delivery.event_id}{delivery.again ? ` · ${t("webhooks.replayed_once")}` : ""}</Text>
                  </div>
                </td>
                <td data-label={t("webhooks.happened")}>
                  {delivery.at ? <time dateTime={delivery.at}>{formatInstant(delivery.at, i18n.language)}</time> : "–"}
                </td>
                <td data-label={t("webhooks.state")}>
                  <div>
                    <State {...LOOKS[delivery.state]} text={t(`delivery_state.${delivery.state}`)} />
                    {delivery.error_code ? (
                      <Text size="sm" c="dimmed">
                        {codeText(i18n, delivery.error_code, delivery.error_code)} {t("mail.tries", { count: delivery.attempts })}
                      </Text>
                    ) : null}
                  </div>
                </td>
                <td data-label={t("webhooks.again")}>
                  {delivery.state === "dead" ? (
                    <Button
                      variant="default" size="sm" loading={sending.isPending} aria-label={`${t("mail.send_again")}: ${delivery.event_id}`}
                      onClick={() => sending.mutate(delivery)}
                    >
                      {t("mail.send_again")}
                    </Button>
                  ) : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}
