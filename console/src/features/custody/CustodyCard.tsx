// The customer of a site: who owns it, whether their use can be paused (rental), and with whom channels are shared; on the site's page.
import { Alert, Button, Text, Title } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endRental, getCustody, listShares, setSuspension } from "../../api/calls";
import type { Custody, Site } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { RentalDialog } from "./RentalDialog";
import { ShareLine } from "./ShareLine";

export function CustodyCard({ site, poll }: { site: Site; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const may = useMay()("handover");
  const custody = useQuery({ queryKey: ["custody", site.id], queryFn: () => getCustody(site.id), refetchInterval: poll });
  const shares = useQuery({ queryKey: ["shares", site.id], queryFn: () => listShares(site.id), refetchInterval: poll });
  const items = shares.data?.items ?? [];
  const owner = custody.data?.owner;
  const error = custody.error ?? shares.error;
  // Before there is a customer nothing is to be said.
  if (!error && !owner && items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="custody-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="custody-title">{t("custody.title")}</Title>
          {owner ? (
            <Text size="sm" className="wrap">
              <b>{owner.name}</b> · {owner.email}
              {owner.since ? ` · ${t("custody.since", { at: formatInstant(owner.since, i18n.language) })}` : ""}
            </Text>
          ) : null}
        </div>
        {custody.data && owner && may ? <RentalActions site={site} custody={custody.data} /> : null}
      </div>
      <ErrorNote error={error} onRetry={() => void Promise.all([custody.refetch(), shares.refetch()])} />
      {custody.data && owner ? <RentalState custody={custody.data} /> : null}
      {items.length > 0 ? (
        <>
          <Title order={3} fz="md" mt="md">{t("custody.shares")}</Title>
          <ul className="line-list" aria-label={t("custody.shares")}>
            {items.map((share) => <ShareLine key={share.id} share={share} site={site} may={may} />)}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function RentalState({ custody }: { custody: Custody }) {
  const { t, i18n } = useTranslation();
  if (custody.suspended_at) {
    return (
      <Alert role="note" className="note note-warn" icon={<IconPlayerPause aria-hidden="true" />} mt="sm">
        {t("custody.suspended", { at: formatInstant(custody.suspended_at, i18n.language) })}
      </Alert>
    );
  }
  return <Text size="sm" c="dimmed" mt="xs">{t(`custody.rental_${custody.rental}`)}</Text>;
}

/** Asking for rental, or what the owner agreed to. */
function RentalActions({ site, custody }: { site: Site; custody: Custody }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asking = useDialog();
  const turning = useDialog();
  const ending = useDialog();
  const paused = custody.suspended_at !== null;
  const again = () => {
    for (const key of ["custody", "grant_requests", "panel_accounts"]) void client.invalidateQueries({ queryKey: [key] });
  };
  if (custody.rental === "asked") return null;
  if (custody.rental === "none") {
    return (
      <>
        <Button size="sm" variant="default" onClick={asking.open}>{t("custody.ask")}</Button>
        {asking.key > 0 ? <RentalDialog key={asking.key} site={site} opened={asking.opened} onClose={asking.close} onDone={again} /> : null}
      </>
    );
  }
  return (
    <>
      <Button
        size="sm" variant="default" onClick={turning.open}
        leftSection={paused ? <IconPlayerPlay size={18} aria-hidden="true" /> : <IconPlayerPause size={18} aria-hidden="true" />}
      >
        {t(paused ? "custody.resume" : "custody.pause")}
      </Button>
      <Button size="sm" variant="default" onClick={ending.open}>{t("custody.end_rental")}</Button>
      <ConfirmDialog
        key={`end${ending.key}`} opened={ending.opened} onClose={ending.close} title={t("custody.end_rental_title", { site: site.name })}
        text={t("custody.end_rental_text")} action={t("custody.end_rental")} run={() => endRental(site.id)}
        onDone={() => {
          ending.close();
          again();
        }}
      />
      <ConfirmDialog
        key={turning.key} opened={turning.opened} onClose={turning.close} harmless={paused}
        title={t(paused ? "custody.resume_title" : "custody.pause_title", { site: site.name })}
        text={t(paused ? "custody.resume_text" : "custody.pause_text")} action={t(paused ? "custody.resume" : "custody.pause")}
        run={() => setSuspension(site.id, !paused)}
        onDone={() => {
          turning.close();
          again();
        }}
      />
    </>
  );
}
