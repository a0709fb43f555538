// What a device hangs behind: when that is gone, it is told as the cause, and this device is not.
import { Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getParent, listDevices, setParent } from "../../api/calls";
import type { Device, DeviceParentSet } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { deviceName } from "../devices/address";
import { Section } from "../devices/Section";

export function ParentPanel({ device }: { device: Device }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const parent = useQuery({ queryKey: ["parent", device.id], queryFn: () => getParent(device.id) });
  const others = useQuery({
    queryKey: ["devices", { site_id: device.site_id, limit: 100 }],
    queryFn: () => listDevices({ site_id: device.site_id, limit: 100 }),
  });
  const setting = useMutation({
    mutationFn: (said: DeviceParentSet) => setParent(device.id, said),
    onSuccess: (saved) => client.setQueryData(["parent", device.id], saved),
  });
  if (!parent.data) return parent.isError ? <ErrorNote error={parent.error} /> : null;
  const { mode, parent: above } = parent.data;
  const choices = [
    { value: "derived", label: t("parents.derived") },
    { value: "alone", label: t("parents.alone") },
    ...(others.data?.items ?? [])
      .filter((other) => other.id !== device.id)
      .map((other) => ({ value: other.id, label: deviceName(other) })),
  ];
  const value = mode === "device" ? (above?.id ?? "derived") : mode;
  const choose = (chosen: string | null) => {
    if (!chosen || chosen === value) return;
    setting.mutate(chosen === "derived" || chosen === "alone" ? { mode: chosen } : { mode: "device", device_id: chosen });
  };
  return (
    <Section title={t("parents.title")}>
      <Text size="sm" mb="sm" className="wrap">
        {above ? (
          <>
            <Link to={`/devices/${above.id}`} className="link">{above.name}</Link>
            {" · "}{t(`parents.because_${above.because}`)}
          </>
        ) : t("parents.none")}
      </Text>
      {device.operations.includes("edit") ? (
        <Select
          label={t("parents.choose")} description={t("parents.hint")} maw={420} allowDeselect={false} searchable
          value={value} data={choices} disabled={setting.isPending} onChange={choose}
        />
      ) : null}
      <ErrorNote error={setting.error} />
    </Section>
  );
}
