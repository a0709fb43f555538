// Why an area was not armed: which zones are open, and the offer to leave them out.
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconDoor } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PanelStatus } from "../../api/types";
import { zoneName } from "./panelState";

interface Properties { status: PanelStatus; zones: number[]; area: string; onBypass: (zones: number[]) => void; onClose: () => void }

export function OpenZones({ status, zones, area, onBypass, onClose }: Properties) {
  const { t } = useTranslation();
  const named = zones.map((id) => zoneName(t, status.zones?.find((zone) => zone.id === id) ?? { id, name: "" }));
  return (
    <Alert role="alert" className="note note-bad" icon={<IconDoor aria-hidden="true" />} title={t("panel.open_title", { area })}>
      <Text>{t("panel.open_text", { count: named.length })}</Text>
      <ul className="plain-text-list">{named.map((name) => <li key={name}><b>{name}</b></li>)}</ul>
      <Group mt="sm" gap="sm">
        <Button disabled={zones.length === 0} onClick={() => onBypass(zones)}>{t("panel.bypass_and_arm")}</Button>
        <Button variant="default" onClick={onClose}>{t("panel.leave_disarmed")}</Button>
      </Group>
      <Text size="sm" mt="sm">{t("panel.bypass_hint")}</Text>
    </Alert>
  );
}
