// An alarm panel on its device's page: areas, who can enter, zones, power and ways out, peripherals. What is old is unknown.
import { Alert } from "@mantine/core";
import { IconHelpCircle, IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Device, Panel } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import type { Fact } from "../devices/facts";
import { AccessCard } from "./AccessCard";
import { AreasPanel } from "./AreasPanel";
import { PeripheralTable } from "./PeripheralTable";
import { PowerPanel } from "./PowerPanel";
import { usePanel, usePanelControl } from "./usePanel";
import { ZoneTable } from "./ZoneTable";

export function PanelSections({ device, poll }: { device: Device; poll: number | false }) {
  const panel = usePanel(device.id, poll);
  if (panel.data) return <PanelParts deviceId={device.id} panel={panel.data} poll={poll} />;
  if (panel.isError) return <ErrorNote error={panel.error} onRetry={() => void panel.refetch()} />;
  return <LoadingRows rows={2} height={150} />;
}

function PanelParts({ deviceId, panel, poll }: { deviceId: string; panel: Panel; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const control = usePanelControl(deviceId);
  const { status, measured_at } = panel;
  if (!status || !measured_at) {
    return (
      <>
        <Empty Icon={IconShieldLock} title={t("panel.none")} hint={t("panel.none_hint")} />
        <AccessCard deviceId={deviceId} poll={poll} />
      </>
    );
  }
  const fact: Fact<unknown> = { value: status, source: panel.source, measured_at, fresh: panel.fresh };
  return (
    <>
      {panel.fresh ? null : (
        <Alert role="note" className="note note-warn" icon={<IconHelpCircle aria-hidden="true" />} title={t("panel.stale_title")}>
          {t("panel.stale_text", { at: formatInstant(measured_at, i18n.language) })}
        </Alert>
      )}
      <AreasPanel status={status} fact={fact} control={control} />
      <AccessCard deviceId={deviceId} poll={poll} />
      <ZoneTable status={status} fact={fact} control={control} />
      <PowerPanel status={status} fact={fact} />
      <PeripheralTable status={status} fact={fact} />
    </>
  );
}
