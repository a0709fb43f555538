// Which devices of several.
import { Checkbox, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DeviceSummary } from "../../api/types";
import { deviceName, whereOf } from "../devices/address";

interface Properties { devices: DeviceSummary[]; ids: ReadonlySet<string>; onChange: (ids: ReadonlySet<string>) => void }

export function DeviceTicks({ devices, ids, onChange }: Properties) {
  const { t } = useTranslation();
  const tick = (id: string, on: boolean) => {
    const next = new Set(ids);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <div>
      <Group justify="space-between" className="tick-all">
        <Checkbox
          size="md" label={t("do.select_all")} checked={ids.size === devices.length} indeterminate={ids.size > 0 && ids.size < devices.length}
          onChange={(event) => onChange(new Set(event.currentTarget.checked ? devices.map(({ id }) => id) : []))}
        />
        <Text size="sm" c="dimmed">{t("scan.selected", { n: ids.size, total: devices.length })}</Text>
      </Group>
      <ul className="import-rows ticks-scroll" aria-label={t("devices.title")} tabIndex={0}>
        {devices.map((device) => (
          <li key={device.id} className="import-row">
            <Checkbox
              size="md" checked={ids.has(device.id)} onChange={(event) => tick(device.id, event.currentTarget.checked)}
              label={<span className="row-body"><span className="row-name">{deviceName(device)}</span><Text component="span" size="sm" c="dimmed" className="mono">{whereOf(device)}</Text></span>}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
