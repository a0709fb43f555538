// One of an owner's devices: how it is, since when that is known, and what is wrong. How it is reached is nobody's matter here.
import { Group, Stack, Text } from "@mantine/core";
import { IconLockOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type * as F from "../../api/facts";
import { getMyDevice } from "../../api/calls";
import { isGone } from "../../api/client";
import type { MyDevice, PanelStatus, Topic } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { HealthBadge } from "../../ui/HealthBadge";
import { HeartbeatBars } from "../../ui/HeartbeatBars";
import { KindIcon } from "../../ui/KindIcon";
import { LoadingRows } from "../../ui/LoadingRows";
import { useNow } from "../../ui/useNow";
import { ChannelTable } from "../devices/ChannelTable";
import { DiskTable } from "../devices/DiskTable";
import { factRows } from "../devices/factRows";
import { asKnown, factOf } from "../devices/facts";
import { MINE_MEASURED_EVERY } from "../devices/measured";
import { RecordingPanel } from "../devices/RecordingPanel";
import { Section } from "../devices/Section";
import { OpenFaults } from "../exceptions/OpenFaults";
import { VerdictBadge } from "../fleet/VerdictBadge";
import { TransferCard } from "../my_devices/TransferCard";
import { UnwatchedBadge } from "../monitoring/UnwatchedBadge";
import { OwnView } from "../my_view/OwnView";
import { PeripheralTable } from "../panels/PeripheralTable";
import { PowerPanel } from "../panels/PowerPanel";
import { ShareButton } from "../my_sharing/ShareButton";
import { canBeShared } from "../my_sharing/sharing";
import { healthNow } from "./health";
import { useMyLive } from "./useMyLive";

/** What is shown as names and values; the rest has a place of its own. */
const ROWS: Topic[] = ["status", "clock"];

export function MyDevicePage() {
  const { t } = useTranslation();
  const { deviceId = "" } = useParams();
  const poll = useMyLive();
  const device = useQuery({
    queryKey: ["my device", deviceId], queryFn: () => getMyDevice(deviceId), refetchInterval: poll || MINE_MEASURED_EVERY,
  });
  if (device.data && !isGone(device.error)) return <MyDeviceView device={device.data} />;
  if (!device.isError) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <PageHead title={t("devices.title")} up={{ to: "/my/sites", text: t("my.sites") }} />
      {isGone(device.error) ? <Empty Icon={IconLockOff} title={t("my.device_gone")} hint={t("my.gone_hint")} />
        : <ErrorNote error={device.error} onRetry={() => void device.refetch()} />}
    </Stack>
  );
}

function MyDeviceView({ device }: { device: MyDevice }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const health = healthNow(device.health, device.fresh_until, now);
  const shown = asKnown(device, health);
  const panel = factOf<PanelStatus>(shown, "panel");
  return (
    <Stack gap="lg">
      <PageHead
        title={device.name || device.model || t(`kind.${device.kind}`)}
        up={{ to: `/my/sites/${device.site_id}`, text: device.site_name }}
        actions={canBeShared(device.kind) ? <ShareButton siteId={device.site_id} deviceId={device.id} /> : undefined}
        hint={
          <Group gap="sm" mt={4} wrap="nowrap">
            <KindIcon kind={device.kind} />
            <Text component="span" className="wrap">{[device.model, device.firmware].filter(Boolean).join(" · ") || t(`kind.${device.kind}`)}</Text>
          </Group>
        }
      />
      <Group gap="sm" className="device-line">
        {device.monitoring.unwatched_because ? <UnwatchedBadge monitoring={device.monitoring} /> : <HealthBadge health={health} />}
        {health === device.health && device.health_since ? (
          <Text size="sm" c="dimmed">{t("devices.since", { at: formatInstant(device.health_since, i18n.language) })}</Text>
        ) : null}
        <Text size="sm" c="dimmed" component="span"><Age at={device.measured_at} /></Text>
      </Group>
      {health === device.health ? <OpenFaults open={device.open_exceptions} /> : null}
      <OwnView deviceId={device.id} />
      <Section title={t("bars.title_24")}><HeartbeatBars hours={device.heartbeat} tall /></Section>
      <Section title={t("my.about")}>
        <dl className="rows">
          <div><dt>{t("devices.kind")}</dt><dd>{t(`kind.${device.kind}`)}</dd></div>
          {device.model ? <div><dt>{t("fact.model")}</dt><dd>{device.model}</dd></div> : null}
          {device.serial ? <div><dt>{t("fact.serial")}</dt><dd className="mono">{device.serial}</dd></div> : null}
          {device.firmware ? (
            <div>
              <dt>{t("fact.firmware")}</dt>
              <dd>{device.firmware} <VerdictBadge verdict={device.firmware_verdict.verdict} /></dd>
            </div>
          ) : null}
        </dl>
      </Section>
      {panel ? (
        <>
          <PowerPanel status={panel.value} fact={panel} />
          <PeripheralTable status={panel.value} fact={panel} />
        </>
      ) : null}
      <ChannelTable device={shown} />
      <DiskTable device={shown} />
      <RecordingPanel device={shown} />
      <div className="fact-grid">
        {ROWS.map((topic) => {
          const fact = factOf<F.RunStatus & F.Clock>(shown, topic);
          return fact ? (
            <Section key={topic} title={t(`fact.${topic}`)} fact={fact}>
              <dl className="rows">
                {factRows(t, topic, fact.value).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
              </dl>
            </Section>
          ) : null;
        })}
      </div>
      <TransferCard deviceId={device.id} name={device.name || device.model || t(`kind.${device.kind}`)} />
    </Stack>
  );
}
