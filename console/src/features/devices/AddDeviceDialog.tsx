// Adds one device by its address; the server tries it before it answers.
import { Alert, Modal, SegmentedControl } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createDevice, createRouter } from "../../api/calls";
import type { DeviceCreate, Label, RouterCreate } from "../../api/types";
import { DeviceForm } from "./DeviceForm";
import { RouterForm } from "./RouterForm";

interface Properties { siteId: string; label: Label | null; opened: boolean; onClose: () => void }

export function AddDeviceDialog({ siteId, label, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [what, setWhat] = useState<"device" | "router">("device");
  const onSuccess = () => {
    void client.invalidateQueries({ queryKey: ["devices"] });
    void client.invalidateQueries({ queryKey: ["site", siteId] });
    onClose();
  };
  const adding = useMutation({ mutationFn: (device: DeviceCreate) => createDevice(siteId, device), onSuccess });
  const addingRouter = useMutation({ mutationFn: (router: RouterCreate) => createRouter(siteId, router), onSuccess });
  return (
    <Modal
      opened={opened} onClose={onClose} title={t("devices.add_by_address")}
      closeButtonProps={{ "aria-label": t("do.close") }} closeOnClickOutside={!adding.isPending && !addingRouter.isPending}
    >
      {label ? (
        <Alert className="note" mb="md">
          {t("devices.from_label", { serial: label.serial })}{label.model ? ` · ${label.model}` : ""}
        </Alert>
      ) : null}
      {label ? null : (
        <SegmentedControl
          fullWidth mb="md" aria-label={t("devices.what")} value={what} onChange={(value) => setWhat(value as "device" | "router")}
          data={[{ value: "device", label: t("devices.what_device") }, { value: "router", label: t("kind.router") }]}
        />
      )}
      {what === "router" && !label ? (
        <RouterForm busy={addingRouter.isPending} error={addingRouter.error} onCancel={onClose} onSubmit={(router) => addingRouter.mutate(router)} />
      ) : <DeviceForm
        name={label?.model ?? ""} action={t("do.add")} busy={adding.isPending} error={adding.error} onCancel={onClose}
        onSubmit={(form) => adding.mutate({ ...form, name: form.name || undefined })}
      />}
    </Modal>
  );
}
