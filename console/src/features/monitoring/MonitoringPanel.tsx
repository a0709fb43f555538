// The switch of a device's health monitoring; before it goes off, what that means is said.
import { Button, Group, Modal, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { deviceName } from "../devices/address";
import { Section } from "../devices/Section";
import { Consequences } from "./Consequences";
import { useMonitoring } from "./useMonitoring";

export function MonitoringPanel({ device }: { device: Device }) {
  const { t } = useTranslation();
  const asking = useDialog();
  const setting = useMonitoring(device);
  const { on } = device.monitoring;
  const close = () => {
    setting.reset();
    asking.close();
  };
  return (
    <Section title={t("monitoring.title")}>
      <Switch
        size="md" checked={on} label={t("monitoring.watch")} description={t("monitoring.hint")}
        disabled={!device.operations.includes("edit") || setting.isPending}
        onChange={() => (on ? asking.open() : setting.mutate(true))}
      />
      {asking.opened ? null : <ErrorNote error={setting.error} />}
      <Modal
        opened={asking.opened} onClose={close} title={t("monitoring.off_ask", { name: deviceName(device) })}
        closeButtonProps={{ "aria-label": t("do.close") }}
      >
        <Stack>
          <Consequences />
          <ErrorNote error={setting.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>{t("do.cancel")}</Button>
            <Button className="danger" loading={setting.isPending} onClick={() => setting.mutate(false, { onSuccess: close })}>
              {t("monitoring.switch_off")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Text size="sm" role="status" c="dimmed">{setting.isSuccess ? t(on ? "monitoring.is_on" : "monitoring.is_off") : ""}</Text>
    </Section>
  );
}
