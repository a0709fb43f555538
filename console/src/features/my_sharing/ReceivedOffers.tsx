// Reminders: what others want to share with an end user. They wait without a time limit until it is accepted or refused.
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconGift } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { acceptReceivedOffer, refuseReceivedOffer } from "../../api/calls";
import type { ReceivedOffer } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { CHANGED_FOR_RECEIVER } from "./changed";
import { SharedLines } from "./SharedLines";
import { useReceivedOffers } from "./useReceivedOffers";

export function ReceivedOffers({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const list = useReceivedOffers(poll);
  const [accepted, setAccepted] = useState<string | null>(null);
  const items = list.data?.items ?? [];
  return (
    <>
      {items.length === 0 ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      <div role="status" className="said">
        {accepted ? <Alert role="note" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("sharing.accepted", { site: accepted })}</Alert> : null}
      </div>
      {items.map((offer) => <OfferCard key={offer.id} offer={offer} onAccepted={() => setAccepted(offer.site_name)} />)}
    </>
  );
}

function OfferCard({ offer, onAccepted }: { offer: ReceivedOffer; onAccepted: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const again = () => {
    for (const key of CHANGED_FOR_RECEIVER) void client.invalidateQueries({ queryKey: [key] });
  };
  const accepting = useMutation({
    mutationFn: () => acceptReceivedOffer(offer.id),
    onSuccess: () => {
      onAccepted();
      again();
    },
  });
  const refusing = useMutation({ mutationFn: () => refuseReceivedOffer(offer.id), onSettled: again });
  const title = `offer-${offer.id}`;
  const whose = `${offer.giver_name}, ${offer.site_name}`;
  return (
    <section className="card" aria-labelledby={title}>
      <Stack gap="sm">
        <div>
          <Title order={2} fz="h4" id={title} className="wrap">
            <IconGift size={20} aria-hidden="true" /> {t("sharing.offer_title", { name: offer.giver_name, site: offer.site_name })}
          </Title>
          <Text size="sm" c="dimmed">{formatInstant(offer.created_at, i18n.language)}</Text>
        </div>
        <SharedLines channels={offer.channels} />
        {offer.region_differs ? <Alert role="note" className="note note-warn">{t("sharing.region_differs")}</Alert> : null}
        {offer.region_differs ? null : <Text size="sm" c="dimmed">{t("sharing.accept_tells", { name: offer.giver_name })}</Text>}
        <ErrorNote error={accepting.error ?? refusing.error} />
        <Group>
          {offer.region_differs ? null : (
            <Button aria-label={`${t("sharing.accept")}: ${whose}`} loading={accepting.isPending} onClick={() => accepting.mutate()}>{t("sharing.accept")}</Button>
          )}
          <Button variant="default" aria-label={`${t("sharing.refuse")}: ${whose}`} loading={refusing.isPending} onClick={() => refusing.mutate()}>{t("sharing.refuse")}</Button>
        </Group>
      </Stack>
    </section>
  );
}
