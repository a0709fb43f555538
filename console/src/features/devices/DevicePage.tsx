// One device: how it is, what is known of it and since when, and what was wrong.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconLockOff, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { checkDevice, getDevice } from "../../api/calls";
import { isGone } from "../../api/client";
import { useLive } from "../../api/live";
import type { Device } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { HealthBadge, shownHealth } from "../../ui/HealthBadge";
import { KindIcon } from "../../ui/KindIcon";
import { LoadingRows } from "../../ui/LoadingRows";
import { useNow } from "../../ui/useNow";
import { TemperaturePanel } from "../charts/TemperaturePanel";
import { DeviceEvents } from "../device_events/DeviceEvents";
import { DeviceExceptions } from "../exceptions/DeviceExceptions";
import { OpenFaults } from "../exceptions/OpenFaults";
import { FirmwarePanel, needsAttention } from "../fleet/FirmwarePanel";
import { PermissionNote } from "../grants/PermissionNote";
import { LinkLine } from "../links/LinkLine";
import { PasswordChangeNote } from "../operations/PasswordChangeNote";
import { SnapshotPanel } from "../operations/SnapshotPanel";
import { useDeviceOperations } from "../operations/useDeviceOperations";
import { MaintenanceBanner } from "../maintenance/MaintenanceCard";
import { ParentPanel } from "../parents/ParentPanel";
import { MonitoringPanel } from "../monitoring/MonitoringPanel";
import { UnwatchedBadge } from "../monitoring/UnwatchedBadge";
import { UnwatchedNote } from "../monitoring/UnwatchedNote";
import { PanelSections } from "../panels/PanelSections";
import { useMay, useSession } from "../session/session";
import { UpgradePanel } from "../upgrades/UpgradePanel";
import { deviceName } from "./address";
import { CertificatePanel } from "./CertificatePanel";
import { ChannelTable } from "./ChannelTable";
import { ClockFix } from "./ClockFix";
import { DiskTable } from "./DiskTable";
import { FactCards } from "./FactCards";
import { asKnown } from "./facts";
import { HistoryPanel } from "./HistoryPanel";
import { KindPanel } from "./KindPanel";
import { LoginPanel } from "./LoginPanel";
import { measuredEvery } from "./measured";
import { RecordingPanel } from "./RecordingPanel";

export function DevicePage() {
  const { t } = useTranslation();
  const { deviceId = "" } = useParams();
  const poll = useLive();
  const { poll_period_seconds } = useSession();
  const device = useQuery({
    queryKey: ["device", deviceId], queryFn: () => getDevice(deviceId), refetchInterval: poll || measuredEvery(poll_period_seconds),
  });
  // What was seen before is not shown any more once it is out of reach.
  if (device.data && !isGone(device.error)) return <DeviceView device={device.data} poll={poll} />;
  if (!device.isError) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <PageHead title={t("devices.title")} up={{ to: "/sites", text: t("nav.sites") }} />
      {isGone(device.error) ? <Empty Icon={IconLockOff} title={t("devices.gone")} hint={t("devices.gone_hint")} />
        : <ErrorNote error={device.error} onRetry={() => void device.refetch()} />}
    </Stack>
  );
}

function DeviceView({ device, poll }: { device: Device; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const now = useNow();
  const { poll_period_seconds } = useSession();
  const may = useMay();
  const operations = useDeviceOperations(device);
  const check = useMutation({
    mutationFn: () => checkDevice(device.id),
    onSuccess: () => window.setTimeout(() => void client.invalidateQueries({ queryKey: ["device", device.id] }), 2_000),
  });
  const health = shownHealth(device.health, device.measured_at, now, poll_period_seconds);
  const shown = asKnown(device, health);
  const firmware = <><FirmwarePanel device={device} /><UpgradePanel device={device} poll={poll} /></>;
  return (
    <Stack gap="lg">
      <PageHead
        title={deviceName(device)}
        up={{ to: `/sites/${device.site_id}`, text: device.site_name }}
        hint={
          <Group gap="sm" mt={4} wrap="nowrap">
            <KindIcon kind={device.kind} />
            <Text component="span" className="wrap">{[device.model, device.firmware].filter(Boolean).join(" · ") || t(`kind.${device.kind}`)}</Text>
          </Group>
        }
        actions={
          <>
            <Button
              leftSection={<IconRefresh size={18} aria-hidden="true" />} variant="default"
              loading={check.isPending} disabled={!device.monitoring.on} onClick={() => check.mutate()}
            >
              {t("devices.check")}
            </Button>
            {operations.menu}
          </>
        }
      />
      <ErrorNote error={check.error} />
      {operations.word}
      <MaintenanceBanner siteId={device.site_id} deviceId={device.id} />
      <Group gap="sm" className="device-line">
        <HealthBadge health={health} />
        <UnwatchedBadge monitoring={device.monitoring} />
        {health === device.health && device.health_since ? (
          <Text size="sm" c="dimmed">{t("devices.since", { at: formatInstant(device.health_since, i18n.language) })}</Text>
        ) : null}
        <Text size="sm" c="dimmed" component="span"><Age at={device.measured_at} /></Text>
        {device.link ? <LinkLine link={device.link} /> : null}
        <Text size="sm" role="status" c="dimmed">{check.isSuccess ? t("devices.check_asked") : ""}</Text>
      </Group>
      {health === device.health ? <OpenFaults open={device.open_exceptions} /> : null}
      {health === device.health ? <ClockFix device={device} /> : null}
      <UnwatchedNote device={device} />
      <PermissionNote device={device} poll={poll} />
      <PasswordChangeNote device={device} />
      <CertificatePanel device={device} />
      <LoginPanel device={device} onEdit={operations.edit} onCheck={() => check.mutate()} />
      <KindPanel device={device} />
      {needsAttention(device) ? firmware : null}
      {device.kind === "alarm_panel" ? <PanelSections device={device} poll={poll || measuredEvery(poll_period_seconds)} />
        : device.kind === "router" ? null : <SnapshotPanel key={device.id} device={device} />}
      <HistoryPanel deviceId={device.id} />
      {may("view_exceptions") ? <DeviceExceptions deviceId={device.id} /> : null}
      <ChannelTable device={shown} />
      <DiskTable device={shown} />
      <RecordingPanel device={shown} />
      <TemperaturePanel deviceId={device.id} />
      {device.kind === "router" ? null : <DeviceEvents device={device} poll={poll} />}
      {needsAttention(device) ? null : firmware}
      <FactCards device={shown} />
      <MonitoringPanel device={device} />
      <ParentPanel device={device} />
      {operations.dialogs}
    </Stack>
  );
}
