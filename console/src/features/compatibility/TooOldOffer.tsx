// Devices that were just added and that nobody watches yet, because their firmware is too old: upgraded from here.
import { Alert, Button } from "@mantine/core";
import { IconVersionsOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listDevices } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { deviceName } from "../devices/address";
import { useMay } from "../session/session";
import { UpgradeDialog } from "../upgrades/UpgradeDialog";

export function TooOldOffer({ siteId, devices }: { siteId: string; devices: string[] }) {
  const { t } = useTranslation();
  const may = useMay();
  const dialog = useDialog();
  const found = useQuery({
    queryKey: ["devices", { site_id: siteId, limit: 100 }], queryFn: () => listDevices({ site_id: siteId, limit: 100 }),
    enabled: devices.length > 0,
  });
  const tooOld = (found.data?.items ?? []).filter(
    (device) => devices.includes(device.id) && device.monitoring.unwatched_because === "firmware_incompatible",
  );
  if (tooOld.length === 0) return <ErrorNote error={found.error} />;
  return (
    <Alert role="note" className="note note-warn" title={t("compatibility.too_old", { count: tooOld.length })} icon={<IconVersionsOff aria-hidden="true" />}>
      {tooOld.map(deviceName).join(", ")}
      {may("upgrade_firmware") ? <Button display="block" mt="sm" onClick={dialog.open}>{t("compatibility.upgrade", { count: tooOld.length })}</Button> : null}
      <UpgradeDialog key={dialog.key} devices={tooOld.map(({ id }) => id)} opened={dialog.opened} onClose={dialog.close} />
    </Alert>
  );
}
