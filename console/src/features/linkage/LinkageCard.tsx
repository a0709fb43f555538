// The linkage rules of a site in short, on the site's page: how many, and loudly when one cannot work.
import { Button, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listLinkageRules } from "../../api/calls";
import { State } from "../devices/State";

export function LinkageCard({ siteId, poll }: { siteId: string; poll: number | false }) {
  const { t } = useTranslation();
  const rules = useQuery({ queryKey: ["linkage_rules", siteId], queryFn: () => listLinkageRules(siteId), refetchInterval: poll });
  if (!rules.data) return null;
  const { items } = rules.data;
  const broken = items.filter(({ enabled, state }) => enabled && state !== "works").length;
  return (
    <section className="card" aria-labelledby="linkage-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="linkage-title">{t("linkage.title")}</Title>
          <Text size="sm" c="dimmed">{items.length === 0 ? t("linkage.none_short") : t("linkage.count", { count: items.length })}</Text>
        </div>
        <Button component={Link} to={`/sites/${siteId}/linkage`} variant="default" size="sm">
          {t(items.length === 0 ? "linkage.set_up" : "linkage.manage")}
        </Button>
      </div>
      {broken > 0 ? (
        <div className="card-foot"><State tone="faulty" Icon={IconAlertTriangle} text={t("linkage.broken", { count: broken })} /></div>
      ) : null}
    </section>
  );
}
