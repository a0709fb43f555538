// One invitation: to whom, what is asked for, where it stands, and what can still be done with it.
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconDownload, IconMailForward, IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cancelHandover, packAddress, sendHandoverAgain } from "../../api/calls";
import type { Handover, Site } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { State } from "../devices/State";
import { CorrectDialog } from "./CorrectDialog";
import { countAsks, isOpen, LOOKS } from "./handoverState";

export function HandoverLine({ handover, site, may }: { handover: Handover; site: Site; may: boolean }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const cancelling = useDialog();
  const correcting = useDialog();
  const again = () => {
    for (const key of ["handovers", "site", "sites", "mails"]) void client.invalidateQueries({ queryKey: [key] });
  };
  const sending = useMutation({ mutationFn: () => sendHandoverAgain(handover.id), onSettled: again });
  const { state, email, name } = handover;
  const { Icon, tone } = LOOKS[state];
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const open = isOpen(state);
  return (
    <li className="line invitation">
      <div className="grow">
        <Text fw={600} className="wrap">{name || email}</Text>
        {name ? <Text size="sm" c="dimmed" className="wrap">{email}</Text> : null}
        <Text size="sm" c="dimmed">
          {open ? t("handover.until", { at: at(handover.expires_at) })
            : t(state === "accepted" ? "handover.accepted" : "handover.ended", { at: at(handover.ended_at ?? handover.expires_at) })}
          {handover.invited_by ? ` · ${t("handover.invited_by", { name: handover.invited_by })}` : ""}
        </Text>
        <Text size="sm" className="wrap">{handover.kind === "share" ? t("handover.shared", { count: handover.channels.length }) : <Asked handover={handover} />}</Text>
        <ErrorNote error={sending.error} />
        <div role="status">
          {sending.isSuccess && open ? <Alert role="note" className="note note-good" mt="xs">{t("invitations.sent_again")}</Alert> : null}
        </div>
      </div>
      <State tone={tone} Icon={Icon} text={t(`handover_state.${state}`)} />
      {open && may ? (
        <Group gap="xs" className="line-end">
          <Button
            variant="default" size="sm" leftSection={<IconMailForward size={18} aria-hidden="true" />} loading={sending.isPending}
            aria-label={`${t("invitations.send_again")}: ${email}`} onClick={() => sending.mutate()}
          >
            {t("invitations.send_again")}
          </Button>
          <Button
            variant="default" size="sm" leftSection={<IconPencil size={18} aria-hidden="true" />}
            aria-label={`${t("handover.correct")}: ${email}`} onClick={correcting.open}
          >
            {t("handover.correct")}
          </Button>
          <Button variant="default" size="sm" aria-label={`${t("invitations.cancel")}: ${email}`} onClick={cancelling.open}>
            {t("invitations.cancel")}
          </Button>
        </Group>
      ) : null}
      {handover.pack_sha256 && may ? (
        <Group gap="xs" className="line-end">
          <Button
            component="a" variant="default" size="sm" leftSection={<IconDownload size={18} aria-hidden="true" />} download
            aria-label={`${t("handover.pack")}: ${email}`} href={packAddress(handover.id, i18n.language)}
          >
            {t("handover.pack")}
          </Button>
        </Group>
      ) : null}
      {correcting.key > 0 ? (
        <CorrectDialog key={`correct${correcting.key}`} handover={handover} opened={correcting.opened} onClose={correcting.close} onSaved={again} />
      ) : null}
      <ConfirmDialog
        key={cancelling.key} opened={cancelling.opened} onClose={cancelling.close} title={t("handover.cancel_title", { site: site.name })}
        text={t("handover.cancel_text", { email })} action={t("invitations.cancel_do")} run={() => cancelHandover(handover.id)}
        onDone={() => {
          cancelling.close();
          again();
        }}
      />
    </li>
  );
}

/** What was asked for, in words. */
function Asked({ handover }: { handover: Handover }) {
  const { t } = useTranslation();
  const parts = [
    ...(handover.asks.site ? [t("handover.asks_site")] : []),
    ...countAsks(handover.asks).map(({ permission, validity, count }) =>
      `${t(`device_permission.${permission}`)} (${t("sites.devices", { count })}, ${t(`validity.${validity}`)})`),
  ];
  return <>{parts.length > 0 ? t("handover.asked_for", { what: parts.join("; ") }) : t("handover.asked_nothing")}</>;
}
