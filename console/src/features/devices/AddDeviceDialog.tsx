// Adds one device by its address; the server tries it before it answers.
import { Alert, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createDevice } from "../../api/calls";
import type { DeviceCreate, Label } from "../../api/types";
import { DeviceForm } from "./DeviceForm";

interface Properties { siteId: string; label: Label | null; opened: boolean; onClose: () => void }

export function AddDeviceDialog({ siteId, label, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const adding = useMutation({
    mutationFn: (device: DeviceCreate) => createDevice(siteId, device),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["devices"] });
      void client.invalidateQueries({ queryKey: ["site", siteId] });
      onClose();
    },
  });
  return (
    <Modal
      opened={opened} onClose={onClose} title={t("devices.add_by_address")}
      closeButtonProps={{ "aria-label": t("do.close") }} closeOnClickOutside={!adding.isPending}
    >
      {label ? (
        <Alert className="note" mb="md">
          {t("devices.from_label", { serial: label.serial })}{label.model ? ` · ${label.model}` : ""}
        </Alert>
      ) : null}
      <DeviceForm
        name={label?.model ?? ""} action={t("do.add")} busy={adding.isPending} error={adding.error} onCancel={onClose}
        onSubmit={(form) => adding.mutate({ ...form, name: form.name || undefined })}
      />
    </Modal>
  );
}
