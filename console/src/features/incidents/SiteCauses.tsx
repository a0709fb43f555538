// On the page of a site: what is down there and takes others with it, before the many that follow from it.
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listIncidents } from "../../api/calls";
import { useMay } from "../session/session";
import { affectedText, incidentTitle, withOthers } from "./incidentText";

export function SiteCauses({ siteId, poll }: { siteId: string; poll: number | false }) {
  const { t } = useTranslation();
  const may = useMay()("view_exceptions");
  const list = useQuery({
    queryKey: ["incidents", "of site", siteId], queryFn: () => listIncidents({ site_id: siteId, open: true, limit: 50 }),
    refetchInterval: poll, enabled: may,
  });
  const causes = withOthers(list.data?.items ?? []);
  if (!may || causes.length === 0) return null;
  return (
    <Alert role="note" className="note note-bad" icon={<IconAlertTriangle aria-hidden="true" />} title={t("incidents.of_site", { count: causes.length })}>
      <ul className="plain-text-list">
        {causes.map((incident) => (
          <li key={incident.id} className="wrap">
            {incident.cause === "device" ? (
              <Link to={`/devices/${incident.cause_id}`} className="link">{incidentTitle(t, incident)}</Link>
            ) : incidentTitle(t, incident)}
            {`: ${affectedText(t, incident)}`}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
