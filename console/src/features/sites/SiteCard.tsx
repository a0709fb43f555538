// A site in the list: name, address, status, and how many devices are in which health.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { DeviceCounts, SiteSummary } from "../../api/types";
import { HEALTHS, HealthBadge } from "../../ui/HealthBadge";

export function SiteCard({ site }: { site: SiteSummary }) {
  const { t } = useTranslation();
  return (
    <li className="card card-link">
      <div className="card-top">
        <Link to={`/sites/${site.id}`} className="card-name">{site.name}</Link>
        <span className="chip">{t(`site_status.${site.status}`)}</span>
      </div>
      {site.address ? <Text c="dimmed" size="sm" className="wrap">{site.address}</Text> : null}
      <div className="card-foot">
        <HealthCounts counts={site.devices} />
      </div>
    </li>
  );
}

/** One badge a health that occurs; the total first. */
export function HealthCounts({ counts }: { counts: DeviceCounts }) {
  const { t } = useTranslation();
  if (counts.total === 0) return <Text size="sm" c="dimmed">{t("sites.no_devices")}</Text>;
  return (
    <>
      <Text size="sm" fw={600} component="span">{t("sites.devices", { count: counts.total })}</Text>
      {HEALTHS.filter((health) => counts[health] > 0).map((health) => (
        <HealthBadge key={health} health={health} count={counts[health]} />
      ))}
    </>
  );
}
