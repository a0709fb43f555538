// What an owner offered to somebody: until it is answered it can be taken back; then what became of it.
import { Button, Group, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listShareOffers, withdrawShareOffer } from "../../api/calls";
import type { ShareOffer } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { SharedLines } from "./SharedLines";

/** Those that were accepted are among what is shared. */
const SHOWN = new Set(["pending", "refused"]);

export function Offers({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const list = usePages("my share offers", {}, listShareOffers, poll);
  const items = list.items.filter(({ state }) => SHOWN.has(state));
  if (list.isError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="offers-title">
      <Title order={2} fz="h4" id="offers-title">{t("sharing.offers")}</Title>
      <ul className="line-list" aria-labelledby="offers-title">
        {items.map((offer) => <OfferLine key={offer.id} offer={offer} />)}
      </ul>
      <MoreButton list={list} />
    </section>
  );
}

function OfferLine({ offer }: { offer: ShareOffer }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const withdrawing = useDialog();
  const at = formatInstant(offer.answered_at ?? offer.created_at, i18n.language);
  return (
    <li className="line line-stack">
      <div className="grow">
        <Text fw={600} className="wrap">{offer.receiver}</Text>
        <Text size="sm" c="dimmed" className="wrap">{`${offer.site_name} · ${t(`sharing.offer_${offer.state}`, { at })}`}</Text>
        {offer.region_differs ? <Text size="sm" className="wrap">{t("sharing.offer_region")}</Text> : null}
        <SharedLines channels={offer.channels} />
      </div>
      {offer.state === "pending" ? (
        <Group gap="xs" className="line-end">
          <Button variant="default" size="sm" aria-label={`${t("sharing.withdraw")}: ${offer.receiver}`} onClick={withdrawing.open}>{t("sharing.withdraw")}</Button>
        </Group>
      ) : null}
      <ConfirmDialog
        key={withdrawing.key} opened={withdrawing.opened} onClose={withdrawing.close} title={t("sharing.withdraw_title", { name: offer.receiver })}
        text={t("sharing.withdraw_text")} action={t("sharing.withdraw")} run={() => withdrawShareOffer(offer.id)}
        onDone={() => {
          withdrawing.close();
          void client.invalidateQueries({ queryKey: ["my share offers"] });
        }}
      />
    </li>
  );
}
