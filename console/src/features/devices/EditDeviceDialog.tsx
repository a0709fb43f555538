// Edits a device; only what was changed is sent, so that a new name alone touches no device.
import { Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { updateDevice } from "../../api/calls";
import type { Device, DeviceUpdate } from "../../api/types";
import { DeviceForm, type DeviceFormValues } from "./DeviceForm";

/** What differs from the device; an empty password means "keep". */
export function changesOf(device: Device, form: DeviceFormValues): DeviceUpdate {
  const changes: DeviceUpdate = {};
  if (form.name && form.name !== device.name) changes.name = form.name;
  if (form.host !== device.host) changes.host = form.host;
  if (form.port !== device.port) changes.port = form.port;
  if (form.user_name !== device.user_name) changes.user_name = form.user_name;
  if (form.password) changes.password = form.password;
  return changes;
}

export function EditDeviceDialog({ device, opened, onClose }: { device: Device; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: (changes: DeviceUpdate) => updateDevice(device.id, changes),
    onSuccess: (saved) => {
      client.setQueryData(["device", device.id], saved);
      void client.invalidateQueries({ queryKey: ["devices"] });
      onClose();
    },
  });
  return (
    <Modal
      opened={opened} onClose={onClose} title={t("devices.edit")} closeButtonProps={{ "aria-label": t("do.close") }}
      closeOnClickOutside={!saving.isPending}
    >
      <Text c="dimmed" size="sm" mb="md">{t(device.access === "link" ? "devices.edit_hint_cloud" : "devices.edit_hint")}</Text>
      <DeviceForm
        device={device} action={t("do.save")} busy={saving.isPending} error={saving.error} onCancel={onClose}
        onSubmit={(form) => {
          const changes = changesOf(device, form);
          if (Object.keys(changes).length === 0) onClose();
          else saving.mutate(changes);
        }}
      />
    </Modal>
  );
}
