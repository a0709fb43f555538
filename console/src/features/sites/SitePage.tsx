// One site: its devices, live, what is being added, and the ways to add more.
import { Button, Stack } from "@mantine/core";
import { IconLockOff, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { deleteSite, getSite } from "../../api/calls";
import { isGone } from "../../api/client";
import { useLive } from "../../api/live";
import type { Addition, Label, Site } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { AdditionDialog } from "../additions/AdditionDialog";
import { OpenAdditions } from "../additions/OpenAdditions";
import { AppHintCard } from "../apphint/AppHintCard";
import { CustodyCard } from "../custody/CustodyCard";
import { AddDeviceDialog } from "../devices/AddDeviceDialog";
import { DeviceList } from "../devices/DeviceList";
import { measuredEvery } from "../devices/measured";
import { ExitsBanner } from "../exits/ExitsBanner";
import { FoundBanner } from "../found/FoundBanner";
import { GrantsCard } from "../grants/GrantsCard";
import { HandoverCard } from "../handover/HandoverCard";
import { SiteCauses } from "../incidents/SiteCauses";
import { LinkageCard } from "../linkage/LinkageCard";
import { LinksCard, LinkTrouble } from "../links/LinksCard";
import { HealthCounts } from "./SiteCard";
import { MaintenanceBanner, MaintenanceCard } from "../maintenance/MaintenanceCard";
import { ManagersCard } from "../managers/ManagersCard";
import { SiteMonitoringDialog } from "../monitoring/SiteMonitoringDialog";
import { ReportButton } from "../reports/ReportButton";
import { RulesCard } from "../rules/RulesCard";
import { useSession } from "../session/session";
import { SiteDialog } from "./SiteDialog";
import { SiteMenu } from "./SiteMenu";
import { SiteQrDialog } from "./SiteQrDialog";
import { useSiteTime } from "./useSiteTime";

const ScanDialog = lazy(async () => ({ default: (await import("../imports/ScanDialog")).ScanDialog }));

/** From so many devices on, what stands below them is far away. */
const MANY = 8;

export function SitePage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  const poll = useLive(siteId);
  const { poll_period_seconds } = useSession();
  const site = useQuery({
    queryKey: ["site", siteId], queryFn: () => getSite(siteId), refetchInterval: poll || measuredEvery(poll_period_seconds),
  });
  // What was seen before is not shown any more once it is out of reach.
  if (site.data && !isGone(site.error)) return <SiteView key={siteId} site={site.data} poll={poll} />;
  return (
    <Stack gap="lg">
      {site.isError ? (
        <>
          <PageHead title={t("nav.sites")} up={{ to: "/sites", text: t("nav.sites") }} />
          {isGone(site.error) ? <Empty Icon={IconLockOff} title={t("sites.gone")} hint={t("sites.gone_hint")} />
            : <ErrorNote error={site.error} onRetry={() => void site.refetch()} />}
        </>
      ) : <LoadingRows />}
    </Stack>
  );
}

function SiteView({ site, poll }: { site: Site; poll: number | false }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [parameters, setParameters] = useSearchParams();
  const scan = useDialog();
  const byAddress = useDialog();
  const editing = useDialog();
  const deleting = useDialog();
  const qr = useDialog();
  const monitoring = useDialog();
  const time = useSiteTime(site.id);
  const [label, setLabel] = useState<Label | null>(null);
  const addition = parameters.get("addition");
  const may = site.allowed.includes("manage_devices");
  const follow = (found: Addition | null) => {
    scan.close();
    if (found) client.setQueryData(["addition", found.id], found);
    void client.invalidateQueries({ queryKey: ["additions", site.id] });
    setParameters(found ? { addition: found.id } : {}, { replace: !found });
  };
  const openScan = () => {
    follow(null);
    scan.open();
  };
  const openByAddress = (from: Label | null) => {
    follow(null);
    setLabel(from);
    byAddress.open();
  };
  const add = may ? (
    <Button leftSection={<IconPlus size={20} aria-hidden="true" />} onClick={scan.open}>{t("devices.scan")}</Button>
  ) : null;
  return (
    <Stack gap="lg">
      <PageHead
        title={site.name}
        up={{ to: "/sites", text: t("nav.sites") }}
        hint={
          <>
            <div className="wrap">{[site.address, site.time_zone].filter(Boolean).join(" · ")}</div>
            <div className="card-foot"><HealthCounts counts={site.devices} /></div>
          </>
        }
        actions={
          <>
            {site.devices.total > 0 ? add : null}
            <ReportButton siteId={site.id} />
            <SiteMenu site={site} onEdit={editing.open} onDelete={deleting.open} onTime={time.set} onQr={qr.open} onMonitoring={monitoring.open} />
          </>
        }
      />
      {time.word}
      <MaintenanceBanner siteId={site.id} />
      <ExitsBanner poll={poll} />
      <SiteCauses siteId={site.id} poll={poll} />
      <LinkTrouble siteId={site.id} poll={poll} />
      {may ? <OpenAdditions siteId={site.id} poll={poll} /> : null}
      {may ? <FoundBanner siteId={site.id} poll={poll} /> : null}
      {site.devices.total >= MANY ? <a href="#below-devices" className="link jump">{t("sites.below_devices")}</a> : null}
      <DeviceList siteId={site.id} poll={poll} ways={add} />
      <span id="below-devices" tabIndex={-1} className="jumped" />
      <HandoverCard site={site} poll={poll} />
      <GrantsCard site={site} poll={poll} />
      <CustodyCard site={site} poll={poll} />
      <ManagersCard site={site} poll={poll} />
      <RulesCard siteId={site.id} poll={poll} />
      <MaintenanceCard site={site} />
      <LinkageCard siteId={site.id} poll={poll} />
      <LinksCard siteId={site.id} poll={poll} />
      <AppHintCard siteId={site.id} />
      {scan.key > 0 ? (
        <Suspense fallback={null}>
          <ScanDialog
            key={scan.key} siteId={site.id} opened={scan.opened} onClose={scan.close} onAddition={follow}
            onByAddress={(from) => {
              scan.close();
              openByAddress(from);
            }}
          />
        </Suspense>
      ) : null}
      {addition ? (
        <AdditionDialog
          key={addition} id={addition} siteId={site.id} opened onClose={() => follow(null)} onScan={openScan}
          onByAddress={() => openByAddress(null)}
        />
      ) : null}
      <AddDeviceDialog key={`add${byAddress.key}`} siteId={site.id} label={label} opened={byAddress.opened} onClose={byAddress.close} />
      <SiteDialog key={`edit${editing.key}`} site={site} opened={editing.opened} onClose={editing.close} onSaved={() => {}} />
      {qr.key > 0 ? <SiteQrDialog key={`qr${qr.key}`} siteId={site.id} opened={qr.opened} onClose={qr.close} /> : null}
      {monitoring.key > 0 ? (
        <SiteMonitoringDialog key={`monitoring${monitoring.key}`} site={site} opened={monitoring.opened} onClose={monitoring.close} />
      ) : null}
      <ConfirmDialog
        opened={deleting.opened} onClose={deleting.close} title={t("sites.delete_title", { name: site.name })}
        text={t("sites.delete_text", { count: site.devices.total })} action={t("do.delete")}
        run={() => deleteSite(site.id)}
        onDone={() => {
          void client.invalidateQueries({ queryKey: ["sites"] });
          void client.invalidateQueries({ queryKey: ["panel_exits"] });
          void navigate("/sites", { replace: true, state: { gone: { site_name: site.name } } });
        }}
      />
    </Stack>
  );
}
