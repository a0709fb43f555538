// A device in a list: what it is, how it is, the last 24 hours, and what is wrong.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { DeviceSummary } from "../../api/types";
import { Age } from "../../ui/Age";
import { HealthBadge, shownHealth } from "../../ui/HealthBadge";
import { HeartbeatBars } from "../../ui/HeartbeatBars";
import { KindIcon } from "../../ui/KindIcon";
import { useNow } from "../../ui/useNow";
import { OpenFaults } from "../exceptions/OpenFaults";
import { UnwatchedBadge } from "../monitoring/UnwatchedBadge";
import { useSession } from "../session/session";
import { LinkLine } from "../links/LinkLine";
import { deviceName, whereOf } from "./address";

export function DeviceCard({ device }: { device: DeviceSummary }) {
  const { t } = useTranslation();
  const now = useNow();
  const { poll_period_seconds } = useSession();
  const health = shownHealth(device.health, device.measured_at, now, poll_period_seconds);
  return (
    <li className="card card-link device-card">
      <KindIcon kind={device.kind} />
      <div className="device-main">
        <Link to={`/devices/${device.id}`} className="card-name">{deviceName(device)}</Link>
        <Text size="sm" c="dimmed" className="wrap">
          {[device.model, device.firmware].filter(Boolean).join(" · ") || t(`kind.${device.kind}`)}
        </Text>
        <Text size="sm" c="dimmed" className="wrap mono">{whereOf(device)}</Text>
        {device.link ? <LinkLine link={device.link} /> : null}
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
