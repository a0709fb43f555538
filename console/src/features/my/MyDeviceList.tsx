// The devices of an owner's site, live: what each is, how it is, the last 24 hours, and what is wrong.
import { Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconDeviceCctv } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listMyDevices } from "../../api/calls";
import type { MyDeviceSummary } from "../../api/types";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { HealthBadge } from "../../ui/HealthBadge";
import { HeartbeatBars } from "../../ui/HeartbeatBars";
import { KindIcon } from "../../ui/KindIcon";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useNow } from "../../ui/useNow";
import { MINE_MEASURED_EVERY } from "../devices/measured";
import { OpenFaults } from "../exceptions/OpenFaults";
import { UnwatchedBadge } from "../monitoring/UnwatchedBadge";
import { healthNow } from "./health";

export function MyDeviceList({ siteId, poll }: { siteId: string; poll: number | false }) {
  const { t } = useTranslation();
  const devices = usePages("my devices", { site: siteId, limit: 50 }, listMyDevices, poll || MINE_MEASURED_EVERY);
  if (devices.isPending) return <LoadingRows height={130} />;
  if (devices.isError) return <ErrorNote error={devices.error} onRetry={() => void devices.refetch()} />;
  if (devices.items.length === 0) return <Empty Icon={IconDeviceCctv} title={t("my.no_devices")} />;
  return (
    <Stack component="section" aria-labelledby="devices-title">
      <VisuallyHidden><h2 id="devices-title">{t("devices.title")}</h2></VisuallyHidden>
      <ul className="device-list">
        {devices.items.map((device) => <MyDeviceCard key={device.id} device={device} />)}
      </ul>
      <MoreButton list={devices} />
    </Stack>
  );
}

function MyDeviceCard({ device }: { device: MyDeviceSummary }) {
  const { t } = useTranslation();
  const now = useNow();
  const health = healthNow(device.health, device.fresh_until, now);
  return (
    <li className="card card-link device-card">
      <KindIcon kind={device.kind} />
      <div className="device-main">
        <Link to={`/my/devices/${device.id}`} className="card-name">{device.name || device.model || t(`kind.${device.kind}`)}</Link>
        <Text size="sm" c="dimmed" className="wrap">
          {[device.model, device.firmware].filter(Boolean).join(" · ") || t(`kind.${device.kind}`)}
        </Text>
      </div>
      <div className="device-state">
        {device.monitoring.unwatched_because ? <UnwatchedBadge monitoring={device.monitoring} /> : <HealthBadge health={health} />}
        <Text size="xs" c="dimmed" component="div"><Age at={device.measured_at} /></Text>
      </div>
      <div className="device-bars"><HeartbeatBars hours={device.heartbeat} /></div>
      <OpenFaults open={device.open_exceptions} most={4} />
    </li>
  );
}
