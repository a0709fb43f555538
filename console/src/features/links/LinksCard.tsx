// The links of a site in short, on the site's page: how many, and loudly when one is cut.
import { Alert, Button, Text, Title } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";
import { listLinks } from "../../api/calls";
import { LinkBadge } from "./LinkCard";

interface Properties { siteId: string; poll: number | false }

function useLinks({ siteId, poll }: Properties) {
  const links = useQuery({ queryKey: ["links", siteId], queryFn: () => listLinks(siteId), refetchInterval: poll });
  return links.data?.items.filter(({ state }) => state !== "revoked");
}

export function LinkTrouble(properties: Properties) {
  const { t } = useTranslation();
  const cut = useLinks(properties)?.filter(({ state }) => state === "offline") ?? [];
  if (cut.length === 0) return null;
  return (
    <Alert role="note" className="note note-warn" icon={<IconPlugConnectedX aria-hidden="true" />} title={t("links.cut_title", { names: cut.map(({ name }) => name).join(", ") })}>
      {t("links.cut_text")}
    </Alert>
  );
}

export function LinksCard(properties: Properties) {
  const { t } = useTranslation();
  const links = useLinks(properties);
  if (!links) return null;
  return (
    <section className="card" aria-labelledby="links-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="links-title">{t("links.title")}</Title>
          {links.length === 0 ? <Text size="sm" c="dimmed">{t("links.none_short")}</Text> : null}
        </div>
        <Button component={RouterLink} to={`/sites/${properties.siteId}/links`} variant="default" size="sm">
          {t(links.length === 0 ? "links.set_up" : "links.manage")}
        </Button>
      </div>
      {links.length > 0 ? (
        <ul className="line-list">
          {links.map((link) => (
            <li key={link.id} className="line">
              <Text className="grow wrap" fw={600}>{link.name}</Text>
              {link.devices_found > 0 ? <Text size="sm" c="dimmed">{t("links.found", { count: link.devices_found })}</Text> : null}
              <LinkBadge state={link.state} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
