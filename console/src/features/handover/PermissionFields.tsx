// One permission to ask for: whether, for how long, and on which devices.
import { Checkbox, NativeSelect, Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Device, DevicePermission, Validity } from "../../api/types";
import { VALIDITIES, type Chosen } from "./handoverState";

interface Properties {
  permission: DevicePermission; devices: Pick<Device, "id" | "name">[] | undefined; chosen: Chosen; onChange: (chosen: Chosen) => void;
  /** There is only one device to choose. */
  alone?: boolean;
}

export function PermissionFields({ permission, devices, chosen, onChange, alone = false }: Properties) {
  const { t } = useTranslation();
  const name = t(`device_permission.${permission}`);
  return (
    <Stack gap="xs">
      <Checkbox
        label={name} description={t(`device_permission.${permission}_hint`)} checked={chosen.on}
        onChange={(event) => onChange({ ...chosen, on: event.currentTarget.checked })}
      />
      {chosen.on ? (
        <Stack gap="xs" pl={32}>
          <NativeSelect
            label={t("handover.how_long")} aria-label={`${t("handover.how_long")}: ${name}`} value={chosen.validity}
            data={VALIDITIES.map((value) => ({ value, label: t(`validity.${value}`) }))}
            onChange={(event) => onChange({ ...chosen, validity: event.currentTarget.value as Validity })}
          />
          {alone ? null : (
            <Checkbox
              label={t("handover.all_devices", { count: devices?.length ?? 0 })} checked={chosen.devices === "all"}
              onChange={(event) => onChange({ ...chosen, devices: event.currentTarget.checked ? "all" : (devices ?? []).map(({ id }) => id) })}
            />
          )}
          {devices ? null : <Skeleton height={24} />}
          {chosen.devices !== "all" ? (
            <Checkbox.Group
              label={t("handover.which_devices")} value={chosen.devices} onChange={(ids) => onChange({ ...chosen, devices: ids })}
            >
              <Stack gap="xs" mt={4} className="scroll-list" tabIndex={0} role="group" aria-label={t("handover.which_devices")}>
                {(devices ?? []).map((device) => <Checkbox key={device.id} value={device.id} label={device.name} />)}
              </Stack>
            </Checkbox.Group>
          ) : null}
        </Stack>
      ) : null}
    </Stack>
  );
}
