// The devices of one model that run one firmware, over all sites.
import { Stack, Text } from "@mantine/core";
import { IconDeviceCctv } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { listGroup } from "../../api/calls";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { DeviceCard } from "../devices/DeviceCard";
import { measuredEvery } from "../devices/measured";
import { useSession } from "../session/session";
import { GroupUpgrade } from "../upgrades/GroupUpgrade";

export function GroupPage() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const poll = useLive();
  const { poll_period_seconds } = useSession();
  const group = { kind: parameters.get("kind"), model: parameters.get("model"), firmware: parameters.get("firmware") };
  const devices = usePages("devices", { ...group, limit: 50 }, listGroup, poll || measuredEvery(poll_period_seconds));
  return (
    <Stack gap="lg">
      <PageHead
        title={group.model || t("fleet.no_model")} up={{ to: "/fleet", text: t("fleet.title") }}
        hint={<Text component="span" className="wrap">{group.firmware || t("firmware.not_told")}</Text>}
      />
      <GroupUpgrade group={group} />
      {devices.isPending ? <LoadingRows height={130} /> : null}
      {devices.isError ? <ErrorNote error={devices.error} onRetry={() => void devices.refetch()} /> : null}
      {devices.isSuccess && devices.items.length === 0 ? <Empty Icon={IconDeviceCctv} title={t("fleet.gone")} hint={t("fleet.gone_hint")} /> : null}
      {devices.items.length > 0 ? (
        <ul className="device-list" aria-label={t("devices.title")}>
          {devices.items.map((device) => <DeviceCard key={device.id} device={device} />)}
        </ul>
      ) : null}
      <MoreButton list={devices} />
    </Stack>
  );
}
