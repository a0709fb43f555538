// The linkage rules of a site, and what they did.
import { Button, Stack, Title } from "@mantine/core";
import { IconBolt, IconLockOff, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { getSite } from "../../api/calls";
import { isGone } from "../../api/client";
import { useLive } from "../../api/live";
import type { LinkageRule, Site } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { FiringList } from "./FiringList";
import { RuleCard } from "./RuleCard";
import { RuleDialog } from "./RuleDialog";
import { draftOf, type RuleDraft } from "./ruleDraft";
import { TemplateDialog } from "./TemplateDialog";
import { useSiteNames } from "./useSiteNames";

/** Rules fire without an event of the console's own. */
const ASK_EVERY = 5_000;

export function LinkagePage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  useLive(siteId);
  const site = useQuery({ queryKey: ["site", siteId], queryFn: () => getSite(siteId) });
  if (site.data && !isGone(site.error)) return <SiteLinkage key={siteId} site={site.data} />;
  return (
    <Stack gap="lg">
      <PageHead title={t("linkage.title")} up={{ to: "/sites", text: t("nav.sites") }} />
      {isGone(site.error) ? <Empty Icon={IconLockOff} title={t("sites.gone")} hint={t("sites.gone_hint")} />
        : site.isError ? <ErrorNote error={site.error} onRetry={() => void site.refetch()} /> : <LoadingRows />}
    </Stack>
  );
}

function SiteLinkage({ site }: { site: Site }) {
  const { t } = useTranslation();
  const { devices, rules, names } = useSiteNames(site.id, ASK_EVERY);
  const picking = useDialog();
  const editing = useDialog();
  const [edited, setEdited] = useState<{ rule?: LinkageRule; draft: RuleDraft } | null>(null);
  const may = site.allowed.includes("manage_devices");
  const items = rules.data?.items ?? [];
  const edit = (draft: RuleDraft, rule?: LinkageRule) => {
    setEdited({ draft, rule });
    editing.open();
  };
  const add = may ? (
    <Button leftSection={<IconPlus size={20} aria-hidden="true" />} onClick={picking.open}>{t("linkage.add")}</Button>
  ) : null;
  return (
    <Stack gap="lg">
      <PageHead
        title={t("linkage.title")} hint={t("linkage.hint")} up={{ to: `/sites/${site.id}`, text: site.name }}
        actions={items.length > 0 ? add : null}
      />
      <ErrorNote error={rules.error ?? devices.error} onRetry={() => void Promise.all([rules.refetch(), devices.refetch()])} />
      {rules.isPending ? <LoadingRows /> : null}
      {rules.isSuccess && items.length === 0 ? (
        <Empty Icon={IconBolt} title={t("linkage.none")} hint={t("linkage.none_hint")}>{add}</Empty>
      ) : null}
      {items.length > 0 ? (
        <ul className="device-list" aria-label={t("linkage.title")}>
          {items.map((rule) => <RuleCard key={rule.id} rule={rule} names={names} may={may} onEdit={() => edit(draftOf(rule), rule)} />)}
        </ul>
      ) : null}
      <section aria-labelledby="firings-title">
        <Title order={2} fz="h3" id="firings-title" mb="sm">{t("linkage.firings")}</Title>
        <FiringList siteId={site.id} zone={site.time_zone} names={names} poll={ASK_EVERY} />
      </section>
      {picking.key > 0 ? (
        <TemplateDialog
          key={`pick${picking.key}`} siteId={site.id} names={names} opened={picking.opened} onClose={picking.close}
          onPick={(draft) => {
            picking.close();
            edit(draft);
          }}
        />
      ) : null}
      {edited && editing.key > 0 ? (
        <RuleDialog
          key={`edit${editing.key}`} site={site} rule={edited.rule} start={edited.draft} devices={devices.data ?? []}
          receivers={rules.data?.receivers ?? []} opened={editing.opened} onClose={editing.close}
        />
      ) : null}
    </Stack>
  );
}
