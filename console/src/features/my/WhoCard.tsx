// Who reaches an owner's site and why: the people of the company that serves it, and the accounts on its alarm panels.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getMySiteAccess } from "../../api/calls";
import type { MySite } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { Section } from "../devices/Section";

export function WhoCard({ site, poll }: { site: MySite; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const access = useQuery({ queryKey: ["my site access", site.id], queryFn: () => getMySiteAccess(site.id), refetchInterval: poll });
  if (access.isError) return <ErrorNote error={access.error} onRetry={() => void access.refetch()} />;
  if (!access.data) return <LoadingRows rows={1} />;
  const { people, panel_accounts } = access.data;
  return (
    <>
      <Section title={t("my.who")}>
        <Text c="dimmed" size="sm" mb="xs">
          {site.company ? t(`my.who_hint_${site.status === "authorized" ? "authorized" : "not_authorized"}`, { company: site.company })
            : t("my.served_by_nobody")}
        </Text>
        {people.length > 0 ? (
          <table className="table table-stack">
            <thead>
              <tr>{["name", "why", "until"].map((name) => <th key={name} scope="col">{t(`my.${name}`)}</th>)}</tr>
            </thead>
            <tbody>
              {people.map((person, index) => (
                <tr key={`${person.name}${index}`}>
                  <td data-label={t("my.name")}><b>{person.name}</b></td>
                  <td data-label={t("my.why")}>{t(`my.why_${person.why}`)}</td>
                  <td data-label={t("my.until")}>{person.until ? formatInstant(person.until, i18n.language) : t("my.no_end")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </Section>
      {panel_accounts.length > 0 ? (
        <Section title={t("my.panel_accounts")}>
          <Text c="dimmed" size="sm" mb="xs">{t("my.panel_accounts_hint")}</Text>
          <table className="table table-stack">
            <thead>
              <tr>{["panel", "name", "user_name"].map((name) => <th key={name} scope="col">{t(`my.${name}`)}</th>)}</tr>
            </thead>
            <tbody>
              {panel_accounts.map((account) => (
                <tr key={`${account.device_id}${account.user_name}`}>
                  <td data-label={t("my.panel")}>{account.device_name || t("kind.alarm_panel")}</td>
                  <td data-label={t("my.name")}><b>{account.name || t("my.nobody_known")}</b></td>
                  <td data-label={t("my.user_name")} className="mono">{account.user_name}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ) : null}
    </>
  );
}
