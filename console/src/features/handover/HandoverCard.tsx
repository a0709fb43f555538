// To whom a site is handed over, how far that is, and the way to do it; on the site's page.
import { Button, Skeleton, Text, Title } from "@mantine/core";
import { IconHomeCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { listHandovers } from "../../api/calls";
import type { Site } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { MailWaits } from "../staff/MailWaits";
import { HandoverDialog } from "./HandoverDialog";
import { HandoverLine } from "./HandoverLine";
import { isOpen } from "./handoverState";

export function HandoverCard({ site, poll }: { site: Site; poll: number | false }) {
  const { t } = useTranslation();
  const may = useMay()("handover");
  const dialog = useDialog();
  const list = usePages("handovers", { site_id: site.id, limit: 5 }, ({ site_id: _, ...filter }) => listHandovers(site.id, filter), poll);
  const open = list.items.find(({ state }) => isOpen(state));
  return (
    <section className="card" aria-labelledby="handover-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="handover-title">{t("handover.title")}</Title>
          <Text size="sm" c="dimmed">{t(`handover_status.${site.status}`)}</Text>
        </div>
        {may && site.allowed.includes("invite_owner") && list.isSuccess && !open ? (
          <Button size="sm" variant="default" leftSection={<IconHomeCheck size={18} aria-hidden="true" />} onClick={dialog.open}>
            {t("handover.begin")}
          </Button>
        ) : null}
      </div>
      <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending ? <Skeleton height={48} mt="sm" /> : null}
      {open ? <MailWaits /> : null}
      {list.items.length > 0 ? (
        <ul className="line-list" aria-labelledby="handover-title">
          {list.items.map((handover) => <HandoverLine key={handover.id} handover={handover} site={site} may={may} />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
      {dialog.key > 0 ? <HandoverDialog key={dialog.key} site={site} opened={dialog.opened} onClose={dialog.close} /> : null}
    </section>
  );
}
