// The company that serves an owner's site: taking the site away from it, inviting another, and the number by which one can ask.
import { Button, Group, Text, Title } from "@mantine/core";
import { IconUserShare } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cancelCompanyInvitation, endMyRental, getMyCustody, listCompanyInvitations, takeSiteAway } from "../../api/calls";
import type { CompanyInvitation, MySite } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { CopyLine } from "../../ui/CopyLine";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { InviteCompanyDialog } from "./InviteCompanyDialog";

export function MyCompanyCard({ site, poll }: { site: MySite; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const inviting = useDialog();
  const leaving = useDialog();
  const ending = useDialog();
  const custody = useQuery({ queryKey: ["my custody", site.id], queryFn: () => getMyCustody(site.id), refetchInterval: poll });
  const invitations = useQuery({
    queryKey: ["my company invitations", site.id], queryFn: () => listCompanyInvitations(site.id), refetchInterval: poll,
  });
  const again = () => void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("my ") && queryKey[0] !== "my session" });
  const open = invitations.data?.items.find(({ state }) => state === "pending");
  const error = custody.error ?? invitations.error;
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const { data } = custody;
  const company = data?.company_name;
  const paused = Boolean(data?.suspended_at);
  return (
    <section className="card" aria-labelledby="my-company-title">
      <div className="card-top card-top-stack">
        <div className="grow">
          <Title order={2} fz="h4" id="my-company-title">{t("my_company.title")}</Title>
          {data ? (
            <Text size="sm" className="wrap">
              {company ? t("my.served_by", { company }) : t("my.served_by_nobody")}
              {data.installed_by_name ? ` · ${t("my_company.installed_by", { company: data.installed_by_name })}` : ""}
              {data.unserved_since ? ` · ${t("my_company.since", { at: at(data.unserved_since) })}` : ""}
            </Text>
          ) : null}
          {data && data.rental !== "none" ? <Text size="sm" c="dimmed">{t(`my_company.rental_${data.rental}`)}</Text> : null}
        </div>
        {data && !paused ? (
          <Group gap="xs">
            {invitations.isSuccess && !open ? (
              <Button size="sm" variant="default" leftSection={<IconUserShare size={18} aria-hidden="true" />} onClick={inviting.open}>
                {t("my_company.invite")}
              </Button>
            ) : null}
            {data.rental === "agreed" ? <Button size="sm" variant="default" onClick={ending.open}>{t("my_company.end_rental")}</Button> : null}
            {company ? <Button size="sm" variant="default" onClick={leaving.open}>{t("my_company.take_away")}</Button> : null}
          </Group>
        ) : null}
      </div>
      <ErrorNote error={error} onRetry={() => void Promise.all([custody.refetch(), invitations.refetch()])} />
      {open ? <OpenInvitation invitation={open} onEnded={again} /> : null}
      {data && !company ? (
        <>
          <Text size="sm" mt="sm" mb="xs">{t("my_company.number_hint")}</Text>
          <CopyLine label={t("serve.number")} text={site.id} />
        </>
      ) : null}
      {inviting.key > 0 ? (
        <InviteCompanyDialog key={`invite${inviting.key}`} site={site} opened={inviting.opened} onClose={inviting.close} onDone={again} />
      ) : null}
      <ConfirmDialog
        key={`end${ending.key}`} opened={ending.opened} onClose={ending.close} title={t("my_company.end_rental_title", { site: site.name })}
        text={t("my_company.end_rental_text", { company: company ?? "" })} action={t("my_company.end_rental")} run={() => endMyRental(site.id)}
        onDone={() => {
          ending.close();
          again();
        }}
      />
      <ConfirmDialog
        key={leaving.key} opened={leaving.opened} onClose={leaving.close} title={t("my_company.take_away_title", { site: site.name, company: company ?? "" })}
        text={t("my_company.take_away_text", { company: company ?? "" })} action={t("my_company.take_away")} run={() => takeSiteAway(site.id)}
        onDone={() => {
          leaving.close();
          again();
        }}
      />
    </section>
  );
}

function OpenInvitation({ invitation, onEnded }: { invitation: CompanyInvitation; onEnded: () => void }) {
  const { t, i18n } = useTranslation();
  const cancelling = useDialog();
  return (
    <ul className="line-list" aria-label={t("my_company.invited")}>
      <li className="line">
        <div className="grow">
          <Text fw={600} className="wrap">{t("my_company.invited_to", { email: invitation.email })}</Text>
          <Text size="sm" c="dimmed">{t("handover.until", { at: formatInstant(invitation.expires_at, i18n.language) })}</Text>
        </div>
        <Button variant="default" size="sm" aria-label={`${t("invitations.cancel")}: ${invitation.email}`} onClick={cancelling.open}>
          {t("invitations.cancel")}
        </Button>
        <ConfirmDialog
          key={cancelling.key} opened={cancelling.opened} onClose={cancelling.close} title={t("my_company.cancel_title", { email: invitation.email })}
          text={t("my_company.cancel_text")} action={t("invitations.cancel_do")} run={() => cancelCompanyInvitation(invitation.id)}
          onDone={() => {
            cancelling.close();
            onEnded();
          }}
        />
      </li>
    </ul>
  );
}
