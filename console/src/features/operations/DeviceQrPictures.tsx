// The made pictures: to save, and to print with the names of what is on them. They are kept nowhere else.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconDownload, IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceQr, DeviceQrRequest, DeviceSummary } from "../../api/types";
import { deviceName } from "../devices/address";
import { pictureAddress, saveFile } from "./files";
import { PrintSheet } from "./PrintSheet";

interface Properties { found: DeviceQr; devices: DeviceSummary[]; request: DeviceQrRequest | undefined; onBack: () => void; onClose: () => void }

export function DeviceQrPictures({ found, devices, request, onBack, onClose }: Properties) {
  const { t } = useTranslation();
  const names = (ids: string[]) => devices.filter(({ id }) => ids.includes(id)).map(deviceName);
  const pictures = found.pictures.map((picture, index) => ({
    key: index, names: names(picture.devices), address: pictureAddress(picture.format, picture.data), format: picture.format,
  }));
  const site = devices[0]?.site_name ?? "";
  return (
    <Stack>
      {found.weak ? (
        <Alert role="note" className="note note-bad" title={t("device_qr.weak_title")} icon={<IconAlertTriangle aria-hidden="true" />}>
          {t("device_qr.weak_made")}
        </Alert>
      ) : <Text>{t("device_qr.sealed_made", { n: request?.valid_days ?? 30 })}</Text>}
      <ul className="qr-sheets">
        {pictures.map(({ key, names: on, address, format }) => (
          <li key={key}>
            <img className="qr-picture" src={address} width={260} height={260} alt={t("device_qr.alt", { names: on.join(", ") })} />
            <Text fw={600} className="wrap">{on.join(", ")}</Text>
            <Button
              variant="default" leftSection={<IconDownload size={18} aria-hidden="true" />}
              onClick={() => saveFile(address, `${[site, on.length === 1 ? on[0] : pictures.length > 1 ? String(key + 1) : ""].filter(Boolean).join(" - ")}.${format}`)}
            >
              {t("device_qr.save", { format: format.toUpperCase() })}
            </Button>
          </li>
        ))}
      </ul>
      <Group className="button-pair">
        <Button variant="default" onClick={onBack}>{t("do.back")}</Button>
        <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden="true" />} onClick={() => window.print()}>{t("device_qr.print")}</Button>
        <Button onClick={onClose}>{t("do.done")}</Button>
      </Group>
      <PrintSheet title={site} weak={found.weak} pictures={pictures} />
    </Stack>
  );
}
