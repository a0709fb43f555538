// One device of an upgrade: where it stands, how far it is, why it waits or failed, and how it is afterwards.
import { Button, Progress, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getSavedConfiguration } from "../../api/calls";
import type { UpgradeDevice } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { saveFile } from "../operations/files";
import { useSession } from "../session/session";
import { StateBadge } from "./Badges";
import { hasPercent } from "./states";

export function UpgradeDeviceLine({ device, staged }: { device: UpgradeDevice; staged: boolean }) {
  const { t } = useTranslation();
  const { staff } = useSession();
  const step = device.steps[device.step];
  const download = useMutation({
    mutationFn: () => getSavedConfiguration(device.upgrade_id, device.device_id),
    onSuccess: (bytes) => saveFile(URL.createObjectURL(bytes), `${device.device_name || device.model}.bin`),
  });
  const worse = (device.health_after?.exceptions ?? [])
    .filter(({ kind, part }) => !device.health_before?.exceptions.some((other) => other.kind === kind && other.part === part))
    .map(({ kind, part }) => [t(`exception_kind.${kind}`), part].filter(Boolean).join(" "));
  return (
    <li className="line">
      <div className="grow">
        <Link to={`/devices/${device.device_id}`} className="line-name">{device.device_name || device.model}</Link>
        <Text size="sm" c="dimmed" className="wrap">{[device.site_name, device.model].filter(Boolean).join(" · ")}</Text>
        <Text size="sm" className="wrap">{t("upgrades.from_to", { from: device.from_version, to: device.to_version })}</Text>
        {device.steps.length > 1 && step && device.state !== "done" ? (
          <Text size="sm" className="wrap">{t("upgrades.step_of", { step: device.step + 1, steps: device.steps.length, version: step.version })}</Text>
        ) : null}
        {device.reason_code ? <Text size="sm" className="wrap">{t(`errors.${device.reason_code}`)}</Text> : null}
        {device.got_worse ? <Text size="sm" fw={600} className="wrap">{t("upgrades.got_worse", { what: worse.join(", ") })}</Text> : null}
        {device.state === "done" && device.health_after && !device.got_worse ? <Text size="sm" c="dimmed">{t("upgrades.as_before")}</Text> : null}
        <Configuration device={device} />
        {device.configuration === "saved" && staff.is_admin ? (
          <Button
            variant="default" size="sm" mt={6} loading={download.isPending} onClick={() => download.mutate()}
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {t("upgrades.download")}
          </Button>
        ) : null}
        <ErrorNote error={download.error} />
        {hasPercent(device) ? <Progress value={device.percent} size="sm" mt={6} aria-label={t(`upgrade_state.${device.state}`)} /> : null}
      </div>
      <div className="line-end">
        <StateBadge state={device.state} />
        {hasPercent(device) ? <Text size="sm" component="span">{device.percent} %</Text> : null}
        {staged ? <Text size="xs" c="dimmed" component="span">{t("upgrades.stage_short", { stage: device.stage + 1 })}</Text> : null}
      </div>
    </li>
  );
}

function Configuration({ device: { configuration } }: { device: UpgradeDevice }) {
  const { t } = useTranslation();
  if (!configuration) return null;
  const text = configuration === "saved" || configuration === "expired" ? t(`upgrades.${configuration}`)
    : t("upgrades.not_saved", { why: t(`errors.${configuration}`) });
  return <Text size="sm" c="dimmed" className="wrap">{text}</Text>;
}
