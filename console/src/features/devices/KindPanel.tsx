// A device that was not recognised: a person says what it is, any number of times.
import { Select, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { updateDevice } from "../../api/calls";
import type { Device, DeviceKind } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { KINDS } from "../../ui/KindIcon";
import { Section } from "./Section";

export function KindPanel({ device }: { device: Device }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const setting = useMutation({
    mutationFn: (kind: DeviceKind) => updateDevice(device.id, { kind }),
    onSuccess: (saved) => {
      client.setQueryData(["device", device.id], saved);
      void client.invalidateQueries({ queryKey: ["devices"] });
    },
  });
  if (device.kind !== "unknown" && !device.kind_is_manual) return null;
  return (
    <Section title={t("devices.set_kind")}>
      <Text size="sm" c="dimmed" mb="sm">{t("devices.set_kind_hint")}</Text>
      <Select
        aria-label={t("devices.kind")} maw={320} allowDeselect={false} value={device.kind} disabled={setting.isPending}
        data={KINDS.filter((value) => value !== "router").map((value) => ({ value, label: t(`kind.${value}`) }))}
        onChange={(kind) => kind && kind !== device.kind && setting.mutate(kind as DeviceKind)}
      />
      <ErrorNote error={setting.error} />
    </Section>
  );
}
