// What can be done with a site; what its status does not allow is shown, but cannot be chosen.
import { ActionIcon, Menu } from "@mantine/core";
import { IconClock, IconDots, IconHeartRateMonitor, IconPencil, IconQrcode, IconRadar2, IconRouter, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Site } from "../../api/types";

interface Properties {
  site: Site; onEdit: () => void; onDelete: () => void; onTime: () => void; onQr: () => void; onMonitoring: () => void;
}

export function SiteMenu({ site, onEdit, onDelete, onTime, onQr, onMonitoring }: Properties) {
  const { t } = useTranslation();
  const manages = site.allowed.includes("manage_devices");
  const none = site.devices.total === 0;
  return (
    <Menu position="bottom-end" shadow="md" width={290}>
      <Menu.Target>
        <ActionIcon variant="default" size={42} aria-label={t("sites.actions")}><IconDots size={20} aria-hidden="true" /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={`/sites/${site.id}/links`} leftSection={<IconRouter size={18} aria-hidden="true" />}>
          {t("links.title")}
        </Menu.Item>
        <Menu.Item component={Link} to={`/sites/${site.id}/found`} leftSection={<IconRadar2 size={18} aria-hidden="true" />}>
          {t("found.title")}
        </Menu.Item>
        <Menu.Item disabled={!manages || none} onClick={onTime} leftSection={<IconClock size={18} aria-hidden="true" />}>
          {t("sites.set_time")}
        </Menu.Item>
        <Menu.Item disabled={!manages || none} onClick={onMonitoring} leftSection={<IconHeartRateMonitor size={18} aria-hidden="true" />}>
          {t("monitoring.site_menu")}
        </Menu.Item>
        <Menu.Item disabled={!manages || none} onClick={onQr} leftSection={<IconQrcode size={18} aria-hidden="true" />}>
          {t("sites.device_qr")}
        </Menu.Item>
        <Menu.Item
          disabled={!site.allowed.includes("edit")} onClick={onEdit} leftSection={<IconPencil size={18} aria-hidden="true" />}
        >
          {t("sites.edit")}
        </Menu.Item>
        <Menu.Item
          disabled={!site.allowed.includes("delete")} onClick={onDelete} className="danger-text"
          leftSection={<IconTrash size={18} aria-hidden="true" />}
        >
          {t("sites.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
