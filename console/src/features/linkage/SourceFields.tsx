// What sets a rule off: a device, one of its channels, and what it tells.
import { Fieldset, Group, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DeviceEventKind, DeviceSummary } from "../../api/types";
import { deviceName } from "../devices/address";
import { ChannelField } from "./ChannelField";
import { canTell, eventsOf, type RuleDraft } from "./ruleDraft";

interface Properties { draft: RuleDraft; devices: DeviceSummary[]; tried: boolean; change: (part: Partial<RuleDraft>) => void }

export function SourceFields({ draft, devices, tried, change }: Properties) {
  const { t } = useTranslation();
  const device = devices.find(({ id }) => id === draft.device);
  const events = eventsOf(device?.kind);
  const choose = (id: string | null) => {
    const chosen = devices.find((one) => one.id === id);
    const kind = draft.kind && eventsOf(chosen?.kind).includes(draft.kind) ? draft.kind : null;
    change({ device: id, channel: null, kind });
  };
  return (
    <Fieldset legend={t("linkage.when")}>
      <Select
        label={t("linkage.source")} required searchable allowDeselect={false} value={device ? draft.device : null} nothingFoundMessage={t("linkage.no_device")}
        data={devices.filter(({ kind }) => canTell(kind)).map((one) => ({ value: one.id, label: deviceName(one) }))}
        error={tried && !device ? t("form.required") : undefined} onChange={choose}
      />
      <Group grow preventGrowOverflow={false} align="flex-start" mt="sm" gap="sm">
        <Select
          label={t("linkage.event")} required allowDeselect={false} value={draft.kind} miw={200}
          data={(draft.kind && !events.includes(draft.kind) ? [draft.kind, ...events] : events)
            .map((kind) => ({ value: kind, label: t(`device_event_kind.${kind}`) }))}
          error={tried && !draft.kind ? t("form.required") : undefined}
          onChange={(kind) => change({ kind: kind as DeviceEventKind | null })}
        />
        <ChannelField
          device={device} value={draft.channel} any label={t(device?.kind === "alarm_panel" ? "linkage.zone" : "linkage.channel")}
          change={(channel) => change({ channel })}
        />
      </Group>
    </Fieldset>
  );
}
