// The operations of a device: the menu, the dialogs behind it, and what came of the last one.
import { Alert } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { deleteDevice, rebootDevice, setDeviceTime } from "../../api/calls";
import type { Device } from "../../api/types";
import { formatSpan } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { deviceName } from "../devices/address";
import { EditDeviceDialog } from "../devices/EditDeviceDialog";
import { useMay } from "../session/session";
import { DeviceQrDialog } from "./DeviceQrDialog";
import { MoveDialog } from "./MoveDialog";
import { OperationsMenu, type MenuOperation } from "./OperationsMenu";
import { PasswordDialog } from "./PasswordDialog";
import { useRemote } from "./useRemote";

/** The parts, for the page to place: the menu in its head, the word under it, the dialogs anywhere. */
export function useDeviceOperations(device: Device) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<MenuOperation | null>(null);
  const [key, setKey] = useState(0);
  const [said, setSaid] = useState<string | null>(null);
  const may = useMay();
  const remote = useRemote(device.id);
  const name = deviceName(device);
  const close = () => setOpen(null);
  const time = useMutation({
    mutationFn: () => setDeviceTime(device.id),
    onSuccess: ({ offset_before_seconds: offset, time_zone }) => setSaid(
      offset === null ? t("operation.time_done", { zone: time_zone })
        : t("operation.time_done_offset", { zone: time_zone, span: formatSpan(offset, t) }),
    ),
  });
  const choose = (operation: MenuOperation) => {
    setSaid(null);
    time.reset();
    remote.reset();
    if (operation === "time") return time.mutate();
    if (operation === "remote_configuration") return remote.open();
    setKey(key + 1);
    setOpen(operation);
  };
  // The device allows it; whether the person may is another matter.
  const allowed = device.operations.filter((operation) => operation !== "remote_configuration" || may("remote_configuration"));
  const menu = <OperationsMenu allowed={allowed} onChoose={choose} />;
  const word: ReactNode = (
    <div role="status" className="said">
      <ErrorNote error={time.error ?? remote.error} />
      {time.isPending ? t("operation.time_running") : null}
      {said ? <Alert role="note" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{said}</Alert> : null}
      {remote.note}
    </div>
  );
  const dialogs = (
    <>
      <EditDeviceDialog key={`edit${key}`} device={device} opened={open === "edit"} onClose={close} />
      <MoveDialog key={`move${key}`} device={device} opened={open === "move"} onClose={close} onMoved={(site) => setSaid(t("operation.moved", { site }))} />
      <PasswordDialog key={`password${key}`} device={device} opened={open === "password"} onClose={close} />
      <DeviceQrDialog key={`qr${key}`} devices={[device]} opened={open === "device_qr"} onClose={close} />
      <ConfirmDialog
        opened={open === "reboot"} onClose={close} title={t("operation.reboot_title", { name })} text={t("operation.reboot_text")}
        action={t("operation.reboot")} run={() => rebootDevice(device.id)}
        onDone={() => {
          close();
          setSaid(t("operation.reboot_done"));
        }}
      />
      <ConfirmDialog
        opened={open === "delete"} onClose={close} title={t("devices.delete_title", { name })}
        text={t(`devices.delete_text${device.kind === "alarm_panel" ? "_panel" : ""}${device.access === "link" ? "_cloud" : ""}`)}
        action={t("do.delete")}
        run={() => deleteDevice(device.id)}
        onDone={() => {
          void client.invalidateQueries({ queryKey: ["devices"] });
          void client.invalidateQueries({ queryKey: ["panel_exits"] });
          void navigate(`/sites/${device.site_id}`, { replace: true, state: { gone: { device_id: device.id } } });
        }}
      />
    </>
  );
  return { menu, word, dialogs, edit: () => choose("edit") };
}
