// On the site's page: so many devices are in the LAN that are not added yet.
import { Button, Text } from "@mantine/core";
import { IconRadar2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listFound } from "../../api/calls";
import { canTick } from "./batchState";

/** What a link finds makes no event of its own. */
const ASK_EVERY = 30_000;

export function FoundBanner({ siteId, poll }: { siteId: string; poll: number | false }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["found", siteId], queryFn: () => listFound(siteId), refetchInterval: poll || ASK_EVERY });
  const count = found.data?.items.filter(canTick).length ?? 0;
  if (count === 0) return null;
  return (
    <div className="card banner">
      <span className="kind-icon" aria-hidden="true"><IconRadar2 size={24} stroke={1.6} /></span>
      <Text className="grow" fw={600}>{t("found.banner", { count })}</Text>
      <Button component={Link} to={`/sites/${siteId}/found`} variant="default">{t("found.look")}</Button>
    </div>
  );
}
