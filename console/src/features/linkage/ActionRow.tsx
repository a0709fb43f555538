// One action of a rule: what, of which device, and its number there.
import { ActionIcon, Checkbox, Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceSummary, LinkageAction, LinkageActionKind, LinkageReceiver } from "../../api/types";
import { deviceName } from "../devices/address";
import { ChannelField } from "./ChannelField";
import { ACTION_KINDS, canDo, hasChannel, isWhole, needsDevice, turnInto, type RuleDraft } from "./ruleDraft";

interface Properties {
  number: number; action: LinkageAction; source: RuleDraft; devices: DeviceSummary[]; receivers: LinkageReceiver[]; tried: boolean;
  /** Why the server does not take this action. */
  refusal: string | null;
  change: (action: LinkageAction) => void; remove: () => void;
}

export function ActionRow({ number, action, source, devices, receivers, tried, refusal, change, remove }: Properties) {
  const { t } = useTranslation();
  const missing = tried && !isWhole(action) ? t("form.required") : undefined;
  return (
    <div role="group" aria-label={t("linkage.action_n", { n: number })} className="linkage-row">
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <Select
          label={t("linkage.action_n", { n: number })} className="grow" allowDeselect={false} value={action.kind}
          data={ACTION_KINDS.map((kind) => ({ value: kind, label: t(`linkage_kind.${kind}`) }))}
          onChange={(kind) => kind && change(turnInto(action, kind as LinkageActionKind))}
        />
        <ActionIcon variant="default" size={42} aria-label={t("linkage.remove_action", { n: number })} onClick={remove}>
          <IconTrash size={18} aria-hidden="true" />
        </ActionIcon>
      </Group>
      {needsDevice(action.kind) ? (
        <DeviceOf action={action} source={source} devices={devices} missing={missing} change={change} />
      ) : null}
      {action.kind === "notify" ? (
        <Checkbox.Group
          label={t("linkage.receivers")} required mt="xs" error={missing} value={action.staff_ids ?? []}
          onChange={(staff_ids) => change({ ...action, staff_ids })}
        >
          <Stack gap="xs" mt="xs" className="linkage-receivers">
            {receivers.map(({ id, name }) => <Checkbox key={id} size="md" value={id} label={name} />)}
          </Stack>
        </Checkbox.Group>
      ) : null}
      {refusal ? <Text size="sm" className="danger-text wrap" mt="xs" role="alert">{refusal}</Text> : null}
    </div>
  );
}

interface DeviceProperties {
  action: LinkageAction; source: RuleDraft; devices: DeviceSummary[]; missing: string | undefined; change: (action: LinkageAction) => void;
}

function DeviceOf({ action, source, devices, missing, change }: DeviceProperties) {
  const { t } = useTranslation();
  const device = devices.find(({ id }) => id === action.device_id);
  // The source itself is no camera to link, unless another channel of it is.
  const itself = (id: string) => id === source.device && source.channel === null && hasChannel(action.kind);
  const numbered = (label: string, name: "preset" | "output" | "area") => (
    <NumberInput
      label={label} min={1} max={512} allowDecimal={false} allowNegative={false} miw={110} value={action[name] ?? ""}
      placeholder={name === "area" ? t("linkage.any_area") : undefined}
      onChange={(number) => change({ ...action, [name]: number === "" ? (name === "area" ? undefined : 1) : Number(number) })}
    />
  );
  return (
    <Group grow preventGrowOverflow={false} align="flex-start" gap="sm" mt="xs">
      <Select
        label={t("linkage.device")} required searchable allowDeselect={false} miw={200} error={missing} value={device ? device.id : null}
        nothingFoundMessage={t("linkage.no_device")}
        data={devices.filter(({ id, kind }) => canDo(kind, action.kind) && !itself(id)).map((one) => ({ value: one.id, label: deviceName(one) }))}
        onChange={(id) => change({ ...action, device_id: id ?? undefined })}
      />
      {hasChannel(action.kind) ? (
        <ChannelField device={device} value={action.channel ?? 1} label={t("linkage.channel")} change={(channel) => change({ ...action, channel: channel ?? 1 })} />
      ) : null}
      {action.kind === "preset" ? numbered(t("linkage.preset"), "preset") : null}
      {action.kind === "output_on" || action.kind === "output_off" ? numbered(t("linkage.output"), "output") : null}
      {action.kind === "arm" || action.kind === "disarm" ? numbered(t("linkage.area"), "area") : null}
      {action.kind === "arm" ? (
        <Select
          label={t("linkage.mode")} allowDeselect={false} miw={130} value={action.mode ?? "away"}
          data={(["away", "stay"] as const).map((mode) => ({ value: mode, label: t(`linkage_mode.${mode}`) }))}
          onChange={(mode) => change({ ...action, mode: mode as "away" | "stay" })}
        />
      ) : null}
    </Group>
  );
}
