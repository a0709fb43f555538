// What belongs to an incident.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getIncident } from "../../api/calls";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { KindIcon } from "../../ui/KindIcon";
import { exceptionText } from "../exceptions/exceptionText";

export function MemberList({ id, ofLink }: { id: string; ofLink: boolean }) {
  const { t, i18n } = useTranslation();
  const whole = useQuery({ queryKey: ["incident", id], queryFn: () => getIncident(id) });
  if (ofLink) return <Text size="sm" c="dimmed" mt="sm">{t("incidents.behind_link")}</Text>;
  return (
    <>
      <ErrorNote error={whole.error} />
      <ul className="plain-list" aria-label={t("incidents.members")}>
        {(whole.data?.members ?? []).map((member) => (
          <li key={member.exception_id} className="exception-row">
            <KindIcon kind={member.device_kind} />
            <div className="grow">
              <Text className="wrap">
                <Link to={`/devices/${member.device_id}`} className="link">{member.device_name || t("devices.unnamed")}</Link>
              </Text>
              <Text size="sm" c="dimmed">
                {exceptionText(t, member.kind, member.part)} · {t("exceptions.opened", { at: formatInstant(member.opened_at, i18n.language) })}
                {member.closed_at ? ` · ${t("exceptions.state_closed")}` : ""}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
