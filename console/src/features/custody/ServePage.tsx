// An owner's invitation to serve their site, opened from a mail by somebody of the company.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconHomeHeart, IconLinkOff } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { acceptServiceInvitation, getServiceInvitation, refuseServiceInvitation } from "../../api/calls";
import { ApiError } from "../../api/client";
import type { ServiceInvitation } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";

export function ServePage() {
  const { t } = useTranslation();
  const { token = "" } = useParams();
  const invitation = useQuery({ queryKey: ["service_invitation", token], queryFn: () => getServiceInvitation(token), retry: false, gcTime: 0 });
  const isGone = invitation.error instanceof ApiError && invitation.error.status === 410;
  return (
    <Stack gap="lg">
      <PageHead title={t("serve.title")} up={{ to: "/sites", text: t("sites.title") }} />
      {invitation.isPending ? <LoadingRows /> : null}
      {isGone ? <Empty Icon={IconLinkOff} title={t("serve.gone")} hint={t("serve.gone_hint")} /> : null}
      {invitation.isError && !isGone ? <ErrorNote error={invitation.error} onRetry={() => void invitation.refetch()} /> : null}
      {invitation.data && !isGone ? <Offer token={token} invitation={invitation.data} /> : null}
    </Stack>
  );
}

function Offer({ token, invitation }: { token: string; invitation: ServiceInvitation }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refusing = useDialog();
  const accepting = useMutation({
    mutationFn: () => acceptServiceInvitation(token),
    onSuccess: ({ site_id }) => {
      void client.invalidateQueries({ queryKey: ["sites"] });
      void navigate(`/sites/${site_id}`, { replace: true });
    },
  });
  const { owner_name, site_name, remark, expires_at, site, device_permissions } = invitation;
  const allowed = [...(site ? [t("handover.asks_site")] : []), ...(device_permissions > 0 ? [t("serve.permissions", { count: device_permissions })] : [])];
  return (
    <section className="card" aria-labelledby="offer-title">
      <Text fw={600} fz="lg" id="offer-title" className="wrap">{t("serve.offer", { owner: owner_name, site: site_name })}</Text>
      <Text mt="sm" className="wrap">{allowed.length > 0 ? t("serve.allowed", { what: allowed.join("; ") }) : t("serve.allowed_nothing")}</Text>
      {remark ? <Text mt="sm" className="wrap">“{remark}”</Text> : null}
      <Text mt="sm" size="sm" c="dimmed">{t("handover.until", { at: formatInstant(expires_at, i18n.language) })}</Text>
      <ErrorNote error={accepting.error} />
      <Group mt="md">
        <Button leftSection={<IconHomeHeart size={18} aria-hidden="true" />} loading={accepting.isPending} onClick={() => accepting.mutate()}>
          {t("serve.accept")}
        </Button>
        <Button variant="default" onClick={refusing.open}>{t("serve.refuse")}</Button>
      </Group>
      <ConfirmDialog
        key={refusing.key} opened={refusing.opened} onClose={refusing.close} title={t("serve.refuse_title", { site: site_name })}
        text={t("serve.refuse_text", { owner: owner_name })} action={t("serve.refuse")} run={() => refuseServiceInvitation(token)}
        onDone={() => void navigate("/sites", { replace: true })}
      />
    </section>
  );
}
