// Who manages a site, why, and until when; on the site's page, for those who may assign.
import { Alert, Button, Skeleton, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconClockX, IconUserOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listSiteManagers } from "../../api/calls";
import type { Site, SiteManager } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { State } from "../devices/State";
import { useMay } from "../session/session";
import { ManagersDialog } from "./ManagersDialog";
import { chosenOf } from "./managerState";
import { formatThere } from "./zonedTime";

/** So many of those with every site are named. */
const NAMED = 6;

export function ManagersCard({ site, poll }: { site: Site; poll: number | false }) {
  const { t } = useTranslation();
  const may = useMay()("manage_all_sites");
  const dialog = useDialog();
  const [saved, setSaved] = useState(false);
  const managers = useQuery({
    queryKey: ["managers", site.id], queryFn: () => listSiteManagers(site.id), enabled: may, refetchInterval: poll,
  });
  if (!may) return null;
  const items = managers.data?.items ?? [];
  const assigned = items.filter(({ because }) => because === "manages_site");
  const everywhere = items.filter(({ because }) => because !== "manages_site").map(({ name }) => name);
  const more = everywhere.length - NAMED;
  return (
    <section className="card" aria-labelledby="managers-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="managers-title">{t("managers.title")}</Title>
          {managers.isSuccess && assigned.length === 0 ? <Text size="sm" c="dimmed">{t("managers.none")}</Text> : null}
        </div>
        <Button
          variant="default" size="sm" disabled={!managers.isSuccess}
          onClick={() => {
            setSaved(false);
            dialog.open();
          }}
        >
          {t("managers.set")}
        </Button>
      </div>
      <ErrorNote error={managers.error} onRetry={() => void managers.refetch()} />
      {managers.isPending ? <Skeleton height={48} mt="sm" /> : null}
      {assigned.length > 0 ? (
        <ul className="line-list">
          {assigned.map((manager) => <ManagerLine key={manager.staff_id} manager={manager} zone={site.time_zone} />)}
        </ul>
      ) : null}
      {everywhere.length > 0 ? (
        <Text size="sm" c="dimmed" className="wrap" mt="sm">
          {t(more > 0 ? "managers.everywhere_more" : "managers.everywhere", { names: everywhere.slice(0, NAMED).join(", "), n: more })}
        </Text>
      ) : null}
      <div role="status">
        {saved ? <Alert role="note" className="note note-good" mt="sm" icon={<IconCircleCheck aria-hidden="true" />}>{t("managers.saved")}</Alert> : null}
      </div>
      {dialog.key > 0 ? (
        <ManagersDialog
          key={dialog.key} sites={[site]} start={chosenOf(assigned, site.time_zone)} opened={dialog.opened} onClose={dialog.close}
          expired={assigned.filter(({ expired }) => expired).map(({ name }) => name)} onSaved={() => setSaved(true)}
        />
      ) : null}
    </section>
  );
}

function ManagerLine({ manager, zone }: { manager: SiteManager; zone: string }) {
  const { t, i18n } = useTranslation();
  const until = manager.expires_at ? formatThere(manager.expires_at, zone, i18n.language) : null;
  return (
    <li className="line">
      <div className="grow">
        <Text fw={600} className="wrap">{manager.name}</Text>
        <Text size="sm" c="dimmed" className="wrap">{[manager.role, manager.email].filter(Boolean).join(" · ")}</Text>
      </div>
      {manager.disabled ? <State tone="unknown" Icon={IconUserOff} text={t("staff.disabled")} /> : null}
      {manager.expired ? <State tone="unknown" Icon={IconClockX} text={t("managers.expired")} /> : null}
      <Text size="sm" c="dimmed">{until ? t(manager.expired ? "managers.ended_at" : "managers.until_at", { at: until, zone }) : t("managers.no_end")}</Text>
    </li>
  );
}
