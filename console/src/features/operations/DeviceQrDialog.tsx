// A QR code of devices with their logins: sealed with a password unless a person explicitly wants otherwise.
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createDeviceQr } from "../../api/calls";
import type { DeviceQrRequest, DeviceSummary } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { DeviceQrForm } from "./DeviceQrForm";
import { DeviceQrPictures } from "./DeviceQrPictures";

interface Properties { devices: DeviceSummary[]; opened: boolean; onClose: () => void }

export function DeviceQrDialog({ devices, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const making = useMutation({ mutationFn: (request: DeviceQrRequest) => createDeviceQr(request) });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("operation.device_qr")}>
      {making.data ? (
        <DeviceQrPictures found={making.data} devices={devices} request={making.variables} onBack={making.reset} onClose={onClose} />
      ) : (
        <DeviceQrForm
          devices={devices} busy={making.isPending} error={making.error} onRequest={(request) => making.mutate(request)} onCancel={onClose}
        />
      )}
    </Dialog>
  );
}
