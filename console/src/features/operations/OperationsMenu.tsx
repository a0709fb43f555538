// What can be done with a device; what the site's status or the person's rights do not allow is not offered.
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsRightLeft, IconClock, IconDots, IconKey, IconPencil, IconQrcode, IconReload, IconTrash, IconWorldCog, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceOperation } from "../../api/types";

export type MenuOperation = Exclude<DeviceOperation, "snapshot">;

const ENTRIES: [MenuOperation, Icon][] = [
  ["remote_configuration", IconWorldCog], ["time", IconClock], ["reboot", IconReload], ["password", IconKey],
  ["device_qr", IconQrcode], ["move", IconArrowsRightLeft], ["edit", IconPencil], ["delete", IconTrash],
];

interface Properties { allowed: DeviceOperation[]; onChoose: (operation: MenuOperation) => void }

export function OperationsMenu({ allowed, onChoose }: Properties) {
  const { t } = useTranslation();
  const entries = ENTRIES.filter(([operation]) => allowed.includes(operation));
  if (entries.length === 0) return null;
  return (
    <Menu position="bottom-end" shadow="md" width={260}>
      <Menu.Target>
        <ActionIcon variant="default" size={42} aria-label={t("operation.menu")}><IconDots size={20} aria-hidden="true" /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(([operation, Shown]) => (
          <Menu.Item
            key={operation} leftSection={<Shown size={18} aria-hidden="true" />} onClick={() => onChoose(operation)}
            className={operation === "delete" ? "danger-text" : undefined}
          >
            {t(`operation.${operation}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
