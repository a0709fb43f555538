// Who was invited, and what became of it.
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconBan, IconCircleCheck, IconHourglass, IconMailForward, IconMailX, type Icon } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cancelInvitation, listInvitations, sendInvitationAgain } from "../../api/calls";
import type { InvitationState, StaffInvitation } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { MailWaits } from "./MailWaits";

const LOOKS: Record<InvitationState, { Icon: Icon; tone: string }> = {
  pending: { Icon: IconHourglass, tone: "faulty" }, accepted: { Icon: IconCircleCheck, tone: "healthy" },
  cancelled: { Icon: IconBan, tone: "unknown" }, expired: { Icon: IconMailX, tone: "offline" },
};

export function Invitations() {
  const { t } = useTranslation();
  const list = usePages("invitations", { limit: 20 }, listInvitations);
  if (list.isError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (list.items.length === 0) return null;
  return (
    <Stack component="section" aria-labelledby="invitations" gap="sm">
      <Title order={2} fz="h4" id="invitations">{t("invitations.title")}</Title>
      {list.items.some(({ state }) => state === "pending") ? <MailWaits /> : null}
      <ul className="line-list card" aria-labelledby="invitations">
        {list.items.map((invitation) => <InvitationLine key={invitation.id} invitation={invitation} />)}
      </ul>
      <MoreButton list={list} />
    </Stack>
  );
}

function InvitationLine({ invitation }: { invitation: StaffInvitation }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const cancelling = useDialog();
  const again = () => void client.invalidateQueries({ queryKey: ["invitations"] });
  const sending = useMutation({ mutationFn: () => sendInvitationAgain(invitation.id), onSettled: again });
  const { state, name, email } = invitation;
  const { Icon, tone } = LOOKS[state];
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const when = state === "pending" ? t("invitations.until", { at: at(invitation.expires_at) }) : t("invitations.made", { at: at(invitation.created_at) });
  return (
    <li className="line invitation">
      <div className="grow">
        <Text fw={600} className="wrap">{name}</Text>
        <Text size="sm" c="dimmed" className="wrap">{email} · {invitation.role.name}</Text>
        <Text size="sm" c="dimmed">
          {when}{invitation.invited_by ? ` · ${t("invitations.by", { name: invitation.invited_by })}` : ""}
        </Text>
        <ErrorNote error={sending.error} />
        <div role="status">
          {sending.isSuccess ? <Alert role="note" className="note note-good" mt="xs">{t("invitations.sent_again")}</Alert> : null}
        </div>
      </div>
      <span className={`badge tone-${tone}`}><Icon size={16} stroke={2} aria-hidden="true" />{t(`invitation_state.${state}`)}</span>
      {state === "pending" || state === "expired" ? (
        <Group gap="xs" className="line-end">
          <Button
            variant="default" size="sm" leftSection={<IconMailForward size={18} aria-hidden="true" />} loading={sending.isPending}
            aria-label={`${t("invitations.send_again")}: ${email}`} onClick={() => sending.mutate()}
          >
            {t("invitations.send_again")}
          </Button>
          {state === "pending" ? (
            <Button variant="default" size="sm" aria-label={`${t("invitations.cancel")}: ${email}`} onClick={cancelling.open}>
              {t("invitations.cancel")}
            </Button>
          ) : null}
        </Group>
      ) : null}
      <ConfirmDialog
        key={cancelling.key} opened={cancelling.opened} onClose={cancelling.close} title={t("invitations.cancel_title", { name })}
        text={t("invitations.cancel_text")} action={t("invitations.cancel_do")} run={() => cancelInvitation(invitation.id)}
        onDone={() => {
          cancelling.close();
          again();
        }}
      />
    </li>
  );
}
