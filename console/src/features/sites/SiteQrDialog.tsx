// Device QR codes for a whole site: the devices are loaded and ticked first.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listDevices } from "../../api/calls";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { DeviceQrDialog } from "../operations/DeviceQrDialog";

/** The API takes so many in one request. */
const MOST = 256;
const A_PAGE = 100;

export function SiteQrDialog({ siteId, opened, onClose }: { siteId: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const devices = useQuery({ queryKey: ["devices", "of site", siteId], queryFn: () => everyDevice(siteId), staleTime: Infinity });
  if (devices.data) return <DeviceQrDialog devices={devices.data} opened={opened} onClose={onClose} />;
  return (
    <Dialog opened={opened} onClose={onClose} title={t("operation.device_qr")}>
      {devices.isError ? <ErrorNote error={devices.error} onRetry={() => void devices.refetch()} /> : <LoadingRows />}
    </Dialog>
  );
}

async function everyDevice(site: string) {
  const found = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listDevices>> = await listDevices({ site_id: site, limit: A_PAGE, cursor });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && found.length < MOST);
  return found.slice(0, MOST);
}
