// The sites that an end user owns.
import { Button, Stack, Text } from "@mantine/core";
import { IconBuildingCommunity, IconQrcode } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listMySites } from "../../api/calls";
import type { MySite } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { MINE_MEASURED_EVERY } from "../devices/measured";
import { MyHandovers } from "../handover/MyHandovers";
import { MyRequests } from "../my_grants/MyRequests";
import { Applications } from "../my_sharing/Applications";
import { ReceivedTransfers } from "../my_devices/ReceivedTransfers";
import { ReceivedOffers } from "../my_sharing/ReceivedOffers";
import { HealthCounts } from "../sites/SiteCard";
import { useMySession } from "./session";
import { useMyLive } from "./useMyLive";

/** The stream tells of one's own sites alone: what others offer is asked for so often, in milliseconds. */
const ELSEWHERE = 30_000;

export function MySitesPage() {
  const { t } = useTranslation();
  const { end_user } = useMySession();
  const poll = useMyLive();
  const sites = usePages("my sites", {}, listMySites, poll || MINE_MEASURED_EVERY);
  return (
    <Stack gap="lg">
      <PageHead
        title={t("my.sites")} hint={t("my.sites_hint", { name: end_user.name })}
        actions={
          <Button component={Link} to="/my/scan" variant="default" leftSection={<IconQrcode size={18} aria-hidden="true" />}>{t("my_devices.scan")}</Button>
        }
      />
      <MyHandovers poll={poll || ELSEWHERE} />
      <ReceivedOffers poll={poll || ELSEWHERE} />
      <ReceivedTransfers poll={poll || ELSEWHERE} />
      <Applications poll={poll} />
      <MyRequests poll={poll} />
      {sites.isPending ? <LoadingRows /> : null}
      {sites.isError ? <ErrorNote error={sites.error} onRetry={() => void sites.refetch()} /> : null}
      {sites.isSuccess && sites.items.length === 0 ? (
        <Empty Icon={IconBuildingCommunity} title={t("my.none")} hint={t("my.none_hint", { email: end_user.email })} />
      ) : null}
      {sites.items.length > 0 ? (
        <ul className="site-list" aria-label={t("my.sites")}>
          {sites.items.map((site) => <MySiteCard key={site.id} site={site} />)}
        </ul>
      ) : null}
      <MoreButton list={sites} />
    </Stack>
  );
}

function MySiteCard({ site }: { site: MySite }) {
  const { t } = useTranslation();
  return (
    <li className="card card-link">
      <div className="card-top">
        <Link to={`/my/sites/${site.id}`} className="card-name">{site.name}</Link>
        {site.suspended_at ? <span className="chip">{t("my.suspended")}</span> : null}
      </div>
      {site.address ? <Text c="dimmed" size="sm" className="wrap">{site.address}</Text> : null}
      <Text c="dimmed" size="sm" className="wrap">
        {site.company ? t("my.served_by", { company: site.company }) : t("my.served_by_nobody")}
      </Text>
      {site.suspended_at ? null : <div className="card-foot"><HealthCounts counts={site.devices} /></div>}
    </li>
  );
}
