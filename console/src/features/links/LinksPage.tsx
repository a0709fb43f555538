// The links of a site: the small boxes in the customer's LAN through which devices behind a router are reached.
import { Alert, Button, Stack } from "@mantine/core";
import { IconPlus, IconRouter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { getSite, listLinks } from "../../api/calls";
import { useLive } from "../../api/live";
import type { LinkCreated } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { AddLinkDialog } from "./AddLinkDialog";
import { LinkCard } from "./LinkCard";
import { LinkCodeDialog } from "./LinkCodeDialog";

/** Ages and states of links change without an event, too. */
const ASK_EVERY = 5_000;

export function LinksPage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  useLive(siteId);
  const site = useQuery({ queryKey: ["site", siteId], queryFn: () => getSite(siteId) });
  const list = useQuery({ queryKey: ["links", siteId], queryFn: () => listLinks(siteId), refetchInterval: ASK_EVERY });
  const adding = useDialog();
  const [created, setCreated] = useState<LinkCreated | null>(null);
  const may = site.data?.allowed.includes("manage_devices") ?? false;
  const links = list.data?.items.filter(({ state }) => state !== "revoked") ?? [];
  const empty = list.isSuccess && links.length === 0;
  const add = <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={adding.open} disabled={!may}>{t("links.add")}</Button>;
  return (
    <Stack gap="lg">
      <PageHead
        title={t("links.title")} up={{ to: `/sites/${siteId}`, text: site.data?.name ?? t("nav.sites") }}
        hint={empty ? undefined : t("links.hint")} actions={empty ? null : add}
      />
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows rows={2} /> : null}
      {empty ? (
        <>
          <Empty Icon={IconRouter} title={t("links.empty")} hint={t("links.empty_hint")}>{add}</Empty>
          <section className="card" aria-labelledby="link-how">
            <h2 className="card-title" id="link-how">{t("links.how_title")}</h2>
            <ol className="help-list">{["box", "code", "run"].map((step) => <li key={step}>{t(`links.how_${step}`)}</li>)}</ol>
            <Alert role="note" className="note" mt="md">{t("links.how_safe")}</Alert>
          </section>
        </>
      ) : null}
      {links.length > 0 ? (
        <ul className="device-list" aria-label={t("links.title")}>
          {links.map((link) => <LinkCard key={link.id} link={link} may={may} onCode={setCreated} />)}
        </ul>
      ) : null}
      <AddLinkDialog
        key={adding.key} siteId={siteId} opened={adding.opened} onClose={adding.close}
        onCreated={(answer) => {
          adding.close();
          setCreated(answer);
        }}
      />
      <LinkCodeDialog created={created} onClose={() => setCreated(null)} />
    </Stack>
  );
}
