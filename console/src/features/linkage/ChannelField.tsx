// The channel of a device: by name where the recorder tells its channels, else by number.
import { NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getDevice } from "../../api/calls";
import type { DeviceSummary } from "../../api/types";

interface Properties {
  device: DeviceSummary | undefined; value: number | null; label: string; change: (channel: number | null) => void;
  /** None means any of them. */
  any?: boolean;
}

export function ChannelField({ device, value, label, change, any = false }: Properties) {
  const { t } = useTranslation();
  const recorder = device?.kind === "nvr" || device?.kind === "dvr";
  const whole = useQuery({ queryKey: ["device", device?.id], queryFn: () => getDevice(device?.id ?? ""), enabled: recorder });
  const channels = recorder ? whole.data?.channels ?? [] : [];
  if (channels.length > 0) {
    const named = channels.map(({ number, name }) => ({ value: String(number), label: `${number} · ${name || t("channel.unnamed", { n: number })}` }));
    return (
      <Select
        label={label} allowDeselect={false} searchable={channels.length > 12} value={value === null ? (any ? "any" : "1") : String(value)} miw={160}
        data={any ? [{ value: "any", label: t("linkage.any") }, ...named] : named}
        onChange={(chosen) => change(chosen === null || chosen === "any" ? null : Number(chosen))}
      />
    );
  }
  return (
    <NumberInput
      label={label} min={any ? 0 : 1} max={any ? 65_535 : 512} allowDecimal={false} allowNegative={false} value={value ?? ""} miw={120}
      placeholder={any ? t("linkage.any") : "1"} onChange={(number) => change(number === "" ? null : Number(number))}
    />
  );
}
