// The upgrades of a device on its page: the one under way or the last, and the way to another.
import { Button, Group, Progress, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listDeviceUpgrades } from "../../api/calls";
import type { Device } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { useDialog } from "../../ui/useDialog";
import { Section } from "../devices/Section";
import { useMay } from "../session/session";
import { StateBadge } from "./Badges";
import { hasPercent } from "./states";
import { UpgradeDialog } from "./UpgradeDialog";

export function UpgradePanel({ device, poll }: { device: Device; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const dialog = useDialog();
  const list = useQuery({ queryKey: ["device upgrades", device.id], queryFn: () => listDeviceUpgrades(device.id), refetchInterval: poll });
  const last = list.data?.items[0];
  // Health monitoring that is off rules an upgrade out; its note says so.
  const able = may("upgrade_firmware") && device.monitoring.on;
  if (device.kind === "router" || (!last && !able)) return null;
  const open = last !== undefined && last.ended_at === null;
  return (
    <Section title={t("upgrades.last")} right={last ? <StateBadge state={last.state} /> : null}>
      {last ? (
        <>
          <Text className="wrap">{t("upgrades.from_to", { from: last.from_version, to: last.to_version })}</Text>
          <Text size="sm" c="dimmed">{formatInstant(last.ended_at ?? last.updated_at, i18n.language)}</Text>
          {last.reason_code ? <Text size="sm" className="wrap">{t(`errors.${last.reason_code}`)}</Text> : null}
          {hasPercent(last) ? <Progress value={last.percent} size="sm" mt={6} aria-label={t(`upgrade_state.${last.state}`)} /> : null}
        </>
      ) : <Text size="sm" c="dimmed">{t("upgrades.none")}</Text>}
      <Group gap="sm" mt="sm">
        {able && !open ? (
          <Button variant="default" leftSection={<IconUpload size={18} aria-hidden="true" />} onClick={dialog.open}>{t("upgrades.start_firmware")}</Button>
        ) : null}
        {last && may("upgrade_firmware") ? <Link to={`/upgrades/${last.upgrade_id}`} className="link">{t("upgrades.history")}</Link> : null}
      </Group>
      <UpgradeDialog key={dialog.key} devices={[device.id]} opened={dialog.opened} onClose={dialog.close} />
    </Section>
  );
}
