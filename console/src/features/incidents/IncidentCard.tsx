// One incident: its cause, since when, what it takes with it; what belongs to it one tap away.
import { Button, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconCircleCheck } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Incident } from "../../api/types";
import { formatInstant, formatSpan, secondsSince } from "../../texts/times";
import { useNow } from "../../ui/useNow";
import { affectedText, incidentTitle } from "./incidentText";
import { MemberList } from "./MemberList";

export function IncidentCard({ incident }: { incident: Incident }) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState(false);
  const id = useId();
  const now = useNow(30_000);
  const at = formatInstant(incident.opened_at, i18n.language);
  const open = incident.closed_at === null;
  const span = formatSpan(incident.duration_seconds ?? secondsSince(incident.opened_at, now), t);
  return (
    <li className="card">
      <span className={`badge tone-${open ? "offline" : "healthy"}`}>
        {open ? <IconAlertTriangle size={15} aria-hidden="true" /> : <IconCircleCheck size={15} aria-hidden="true" />}
        {t(open ? "exceptions.state_open" : "exceptions.state_closed")}
      </span>
      <Title order={2} fz="h4" mt="xs" className="wrap">
        {incident.cause === "device" ? (
          <Link to={`/devices/${incident.cause_id}`} className="link">{incidentTitle(t, incident)}</Link>
        ) : incidentTitle(t, incident)}
      </Title>
      <Text size="sm" className="wrap"><Link to={`/sites/${incident.site_id}`} className="link">{incident.site_name}</Link></Text>
      <Text size="sm" c="dimmed">
        {open ? `${t("exceptions.opened", { at })} · ${span}` : t("exceptions.lasted", { at, span })}
      </Text>
      <Text mt="xs">{affectedText(t, incident)}</Text>
      <Button
        variant="default" mt="sm" aria-expanded={opened} aria-controls={id} onClick={() => setOpened(!opened)}
        rightSection={<IconChevronDown size={16} aria-hidden="true" />}
      >
        {t(opened ? "incidents.hide" : "incidents.show")}
      </Button>
      <div id={id}>{opened ? <MemberList id={incident.id} ofLink={incident.cause === "link"} /> : null}</div>
    </li>
  );
}
