// What the owner of a site lets the company do, what it asked for, and the way to ask; on the site's page.
import { Button, Skeleton, Text, Title } from "@mantine/core";
import { IconHandStop, IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { giveBackGrant, listGrantRequests, listGrants, withdrawGrantRequest } from "../../api/calls";
import type { Grant, GrantRequest, Site } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { State } from "../devices/State";
import { useMay } from "../session/session";
import { ApplyDialog } from "./ApplyDialog";
import { AsksList } from "./AsksList";
import { GrantLine, grantName, siteFirst } from "./GrantLine";
import { isNarrowed, LOOKS } from "./requests";

/** A permission ends by itself: it is asked again even when nothing else changes. */
const POLL = 30_000;

export function GrantsCard({ site, poll }: { site: Site; poll: number | false }) {
  const owned = site.status === "authorized" || site.status === "not_authorized";
  return owned ? <OwnedCard site={site} poll={poll || POLL} /> : null;
}

function OwnedCard({ site, poll }: { site: Site; poll: number }) {
  const { t } = useTranslation();
  const may = useMay()("handover");
  const client = useQueryClient();
  const applying = useDialog();
  const givingBack = useDialog();
  const [chosen, setChosen] = useState<Grant | null>(null);
  const grants = usePages("grants", { site_id: site.id, limit: 20 }, ({ site_id: _, ...filter }) => listGrants(site.id, filter), poll);
  const requests = usePages("grant_requests", { site_id: site.id, limit: 5 }, ({ site_id: _, ...filter }) => listGrantRequests(site.id, filter), poll);
  const authorized = site.status === "authorized";
  return (
    <section className="card" aria-labelledby="grants-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="grants-title">{t("grants.title")}</Title>
          <Text size="sm" c="dimmed">{t(authorized ? "grants.hint" : "grants.hint_not_authorized")}</Text>
        </div>
        {may ? (
          <Button size="sm" variant="default" leftSection={<IconKey size={18} aria-hidden="true" />} onClick={applying.open}>
            {t(authorized ? "grants.apply" : "grants.apply_site")}
          </Button>
        ) : null}
      </div>
      <ErrorNote error={grants.error ?? requests.error} onRetry={() => void Promise.all([grants.refetch(), requests.refetch()])} />
      {grants.isPending ? <Skeleton height={48} mt="sm" /> : null}
      {grants.isSuccess && grants.items.length === 0 ? <Text size="sm" mt="sm">{t("grants.none")}</Text> : null}
      {grants.items.length > 0 ? (
        <ul className="line-list" aria-labelledby="grants-title">
          {siteFirst(grants.items).map((grant) => (
            <GrantLine
              key={grant.id} grant={grant} action={may ? t("grants.give_back") : null}
              onEnd={(one) => {
                setChosen(one);
                givingBack.open();
              }}
            />
          ))}
        </ul>
      ) : null}
      <MoreButton list={grants} />
      {requests.items.length > 0 ? (
        <>
          <Title order={3} fz="h5" mt="md" id="requests-title">{t("grants.asked")}</Title>
          <ul className="line-list" aria-labelledby="requests-title">
            {requests.items.map((request) => <RequestLine key={request.id} request={request} may={may} />)}
          </ul>
          <MoreButton list={requests} />
        </>
      ) : null}
      {applying.key > 0 ? <ApplyDialog key={`apply${applying.key}`} site={site} opened={applying.opened} onClose={applying.close} /> : null}
      <ConfirmDialog
        key={givingBack.key} opened={givingBack.opened} onClose={givingBack.close}
        title={t("grants.give_back_title")} what={chosen ? grantName(t, chosen) : undefined}
        text={t(chosen?.permission === "site" ? "grants.give_back_site" : "grants.give_back_text")}
        action={t("grants.give_back")} run={() => giveBackGrant(chosen?.id ?? "")}
        onDone={() => {
          givingBack.close();
          for (const key of ["grants", "site", "sites", "device permissions"]) void client.invalidateQueries({ queryKey: [key] });
        }}
      />
    </section>
  );
}

function RequestLine({ request, may }: { request: GrantRequest; may: boolean }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const withdrawing = useMutation({
    mutationFn: () => withdrawGrantRequest(request.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["grant_requests"] }),
  });
  const { Icon, tone } = LOOKS[request.state];
  const at = formatInstant(request.ended_at ?? request.created_at, i18n.language);
  return (
    <li className="line invitation">
      <div className="grow">
        <AsksList kind={request.kind} asks={request.granted ?? request.asks} />
        <Text size="sm" c="dimmed" className="wrap">{[request.asked_by_name, at, request.remark].filter(Boolean).join(" · ")}</Text>
        <ErrorNote error={withdrawing.error} />
      </div>
      <State tone={tone} Icon={Icon} text={isNarrowed(request) ? t("grants.narrowed") : t(`request_state.${request.state}`)} />
      {request.state === "waiting" && may ? (
        <Button
          variant="default" size="sm" className="line-end" leftSection={<IconHandStop size={18} aria-hidden="true" />}
          loading={withdrawing.isPending} onClick={() => withdrawing.mutate()}
        >
          {t("grants.withdraw")}
        </Button>
      ) : null}
    </li>
  );
}
