// Invitations that went to the address of who is signed in as an end user: to accept, in whole or less of it, or to refuse.
import { Alert, Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { acceptMyHandover, listMyHandovers, refuseMyHandover } from "../../api/calls";
import type { DeviceAsk, MyHandover } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";

export function MyHandovers({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: ["my handovers"], queryFn: listMyHandovers, refetchInterval: poll });
  const [accepted, setAccepted] = useState<string | null>(null);
  const items = list.data?.items ?? [];
  return (
    <>
      <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
      <div role="status">
        {accepted ? <Alert role="note" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("my_handovers.accepted", { site: accepted })}</Alert> : null}
      </div>
      {items.map((handover) => <MyHandoverCard key={handover.id} handover={handover} onAccepted={() => setAccepted(handover.site)} />)}
    </>
  );
}

function MyHandoverCard({ handover, onAccepted }: { handover: MyHandover; onAccepted: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const refusing = useDialog();
  const [site, setSite] = useState(handover.asks.site ?? false);
  const [left, setLeft] = useState<ReadonlySet<DeviceAsk>>(new Set());
  const asked = handover.asks.devices ?? [];
  const again = () => {
    for (const key of ["my handovers", "my sites", "my shares"]) void client.invalidateQueries({ queryKey: [key] });
  };
  const accepting = useMutation({
    mutationFn: () => acceptMyHandover(handover.id, { allowed: { site, devices: asked.filter((ask) => !left.has(ask)) } }),
    onSuccess: () => {
      onAccepted();
      again();
    },
  });
  const toggle = (ask: DeviceAsk, ticked: boolean) => {
    const next = new Set(left);
    if (ticked) next.delete(ask);
    else next.add(ask);
    setLeft(next);
  };
  const nameOf = (id: string) => handover.devices.find((device) => device.id === id)?.name ?? "";
  const title = `handover-${handover.id}`;
  const share = handover.kind === "share";
  return (
    <section className="card" aria-labelledby={title}>
      <Stack gap="sm">
        <div>
          <Title order={2} fz="h4" id={title} className="wrap">{t(share ? "my_handovers.share_title" : "my_handovers.title", { company: handover.company, site: handover.site })}</Title>
          <Text size="sm" c="dimmed" className="wrap">
            {[handover.address, t("sites.devices", { count: share ? handover.channels.length : handover.devices.length }), t("handover.until", { at: formatInstant(handover.expires_at, i18n.language) })].filter(Boolean).join(" · ")}
          </Text>
        </div>
        {handover.remark ? <Text className="wrap">{handover.remark}</Text> : null}
        {handover.asks.site || asked.length > 0 ? (
          <fieldset className="plain-fieldset">
            <legend>{t("my_handovers.asks")}</legend>
            <Stack gap="xs">
              {handover.asks.site ? (
                <Checkbox label={t("handover.asks_site")} checked={site} onChange={(event) => setSite(event.currentTarget.checked)} />
              ) : null}
              {asked.map((ask) => (
                <Checkbox
                  key={`${ask.device_id} ${ask.permission}`} checked={!left.has(ask)}
                  label={`${t(`device_permission.${ask.permission}`)}: ${nameOf(ask.device_id)}, ${t(`validity.${ask.validity}`)}`}
                  onChange={(event) => toggle(ask, event.currentTarget.checked)}
                />
              ))}
              {!site && left.size < asked.length ? <Text size="sm" role="note">{t("my_grants.resting", { company: handover.company })}</Text> : null}
            </Stack>
          </fieldset>
        ) : null}
        <ErrorNote error={accepting.error} />
        <Group>
          <Button loading={accepting.isPending} onClick={() => accepting.mutate()} aria-label={`${t("my_handovers.accept")}: ${handover.site}`}>{t("my_handovers.accept")}</Button>
          <Button variant="default" onClick={refusing.open} aria-label={`${t("my_handovers.refuse")}: ${handover.site}`}>{t("my_handovers.refuse")}</Button>
        </Group>
      </Stack>
      <ConfirmDialog
        key={refusing.key} opened={refusing.opened} onClose={refusing.close} title={t("my_handovers.refuse_title", { site: handover.site })}
        text={t("my_handovers.refuse_text", { company: handover.company })} action={t("my_handovers.refuse")} run={() => refuseMyHandover(handover.id)}
        onDone={() => {
          refusing.close();
          again();
        }}
      />
    </section>
  );
}
