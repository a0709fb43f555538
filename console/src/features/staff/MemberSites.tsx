// The sites that are assigned to a member, each until when.
import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listMemberSites } from "../../api/calls";
import type { AssignedSite, StaffMember } from "../../api/types";
import { serverNow } from "../../api/clock";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useMay } from "../session/session";

export function MemberSites({ member }: { member: StaffMember }) {
  const { t } = useTranslation();
  const list = usePages("member sites", { id: member.id, limit: 20 }, ({ id, ...filter }) => listMemberSites(String(id), filter));
  const everywhere = member.rights.includes("manage_all_sites");
  return (
    <Paper className="card" component="section" aria-labelledby="member-sites">
      <Title order={2} fz="h4" id="member-sites">{t("staff.sites_title")}</Title>
      {everywhere ? <Text c="dimmed" mt={4}>{t(member.is_admin ? "staff.sites_of_admin" : "staff.sites_everywhere")}</Text> : null}
      {list.isPending ? <LoadingRows rows={2} height={44} /> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && list.items.length === 0 && !everywhere ? <Text c="dimmed" mt={4}>{t("staff.sites_none")}</Text> : null}
      {list.items.length > 0 ? (
        <ul className="line-list" aria-labelledby="member-sites">{list.items.map((site) => <SiteLine key={site.site_id} site={site} />)}</ul>
      ) : null}
      <MoreButton list={list} />
    </Paper>
  );
}

function SiteLine({ site }: { site: AssignedSite }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const over = site.expires_at !== null && Date.parse(site.expires_at) <= serverNow();
  const at = site.expires_at ? formatInstant(site.expires_at, i18n.language) : "";
  return (
    <li className="line">
      <div className="grow">
        {may("manage_all_sites") ? <Link to={`/sites/${site.site_id}`} className="line-name">{site.name}</Link> : <Text fw={600} className="wrap">{site.name}</Text>}
      </div>
      <Text size="sm" c="dimmed">{at ? t(over ? "staff.site_ended" : "staff.site_until", { at }) : t("staff.site_always")}</Text>
    </li>
  );
}
