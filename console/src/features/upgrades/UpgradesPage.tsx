// Upgrades of firmware, newest first, and how far each is.
import { Button, Progress, Stack, Text } from "@mantine/core";
import { IconFiles, IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listUpgrades } from "../../api/calls";
import { useLive } from "../../api/live";
import type { Upgrade } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useNow } from "../../ui/useNow";
import { StandingBadge } from "./Badges";
import { percentOf, standingOf } from "./states";
import { TallyLine } from "./TallyLine";
import { WhatLine } from "./WhatLine";

export function UpgradesPage() {
  const { t } = useTranslation();
  const poll = useLive();
  const list = usePages("upgrades", { limit: 20 }, listUpgrades, poll);
  const files = (
    <Button component={Link} to="/firmware" variant="default" leftSection={<IconFiles size={18} aria-hidden="true" />}>{t("upgrades.catalogue")}</Button>
  );
  return (
    <Stack gap="lg">
      <PageHead title={t("upgrades.title")} hint={t("upgrades.hint")} up={{ to: "/fleet", text: t("fleet.title") }} actions={files} />
      {list.isPending ? <LoadingRows height={96} /> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && list.items.length === 0 ? <Empty Icon={IconUpload} title={t("upgrades.none")} hint={t("upgrades.none_hint")} /> : null}
      {list.items.length > 0 ? (
        <ul className="card line-list" aria-label={t("upgrades.title")}>
          {list.items.map((upgrade) => <UpgradeLine key={upgrade.id} upgrade={upgrade} />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}

function UpgradeLine({ upgrade }: { upgrade: Upgrade }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const percent = percentOf(upgrade);
  return (
    <li className="line">
      <div className="grow">
        <Link to={`/upgrades/${upgrade.id}`} className="line-name">
          {t("upgrades.progress", { done: upgrade.devices.done, all: upgrade.devices.all })}
        </Link>
        <WhatLine upgrade={upgrade} />
        <Text size="sm" c="dimmed" className="wrap">
          {t("upgrades.begun_by", { name: upgrade.created_by, at: formatInstant(upgrade.created_at, i18n.language) })}
        </Text>
        <TallyLine upgrade={upgrade} />
        <Progress value={percent} size="sm" mt={6} aria-hidden="true" />
      </div>
      <div className="line-end"><StandingBadge standing={standingOf(upgrade, now)} /></div>
    </li>
  );
}
