// One of an owner's sites: its devices, who serves it, what that company may do, who reaches it, and what was done there.
import { Alert, Button, Stack } from "@mantine/core";
import { IconHistory, IconLockOff, IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { getMySite } from "../../api/calls";
import { isGone } from "../../api/client";
import type { MySite } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MINE_MEASURED_EVERY } from "../devices/measured";
import { HealthCounts } from "../sites/SiteCard";
import { MyCompanyCard } from "../my_company/MyCompanyCard";
import { MyGrantsCard } from "../my_grants/MyGrantsCard";
import { MyRequests } from "../my_grants/MyRequests";
import { ShareButton } from "../my_sharing/ShareButton";
import { MyDeviceList } from "./MyDeviceList";
import { PackCard } from "./PackCard";
import { useMyLive } from "./useMyLive";
import { WhoCard } from "./WhoCard";

export function MySitePage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  const poll = useMyLive();
  const site = useQuery({ queryKey: ["my site", siteId], queryFn: () => getMySite(siteId), refetchInterval: poll || MINE_MEASURED_EVERY });
  // What was seen before is not shown any more once it is somebody else's.
  if (site.data && !isGone(site.error)) return <MySiteView key={siteId} site={site.data} poll={poll} />;
  return (
    <Stack gap="lg">
      {site.isError ? (
        <>
          <PageHead title={t("my.sites")} up={{ to: "/my/sites", text: t("my.sites") }} />
          {isGone(site.error) ? <Empty Icon={IconLockOff} title={t("my.gone")} hint={t("my.gone_hint")} />
            : <ErrorNote error={site.error} onRetry={() => void site.refetch()} />}
        </>
      ) : <LoadingRows />}
    </Stack>
  );
}

function MySiteView({ site, poll }: { site: MySite; poll: number | false }) {
  const { t, i18n } = useTranslation();
  return (
    <Stack gap="lg">
      <PageHead
        title={site.name}
        up={{ to: "/my/sites", text: t("my.sites") }}
        hint={
          <>
            <div className="wrap">{[site.address, site.time_zone].filter(Boolean).join(" · ")}</div>
            {site.suspended_at ? null : <div className="card-foot"><HealthCounts counts={site.devices} /></div>}
          </>
        }
        actions={
          <>
            {site.suspended_at ? null : <ShareButton siteId={site.id} />}
            <Button component={Link} to={`/my/sites/${site.id}/log`} variant="default" leftSection={<IconHistory size={18} aria-hidden="true" />}>
              {t("my.log")}
            </Button>
          </>
        }
      />
      <MyRequests siteId={site.id} poll={poll} />
      {site.suspended_at ? (
        <Alert role="note" className="note note-warn" icon={<IconPlayerPause aria-hidden="true" />} title={t("my.suspended_title")}>
          {t("my.suspended_text", { company: site.company ?? "", at: formatInstant(site.suspended_at, i18n.language) })}
        </Alert>
      ) : <MyDeviceList siteId={site.id} poll={poll} />}
      <MyGrantsCard siteId={site.id} company={site.company} authorized={site.status === "authorized"} poll={poll} />
      <WhoCard site={site} poll={poll} />
      <MyCompanyCard site={site} poll={poll} />
      <PackCard siteId={site.id} />
    </Stack>
  );
}
