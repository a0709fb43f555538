// What is shared, ticked: devices, their channels, and what may be done with each. All of it, until somebody takes something out.
import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SharePermission } from "../../api/types";
import {
  chooseChannel, chooseDevice, chosenChannels, chosenOf, isFixed, isOperating, permissionsOf, setPermission, uniform, type Choice, type PickDevice,
} from "./sharing";
import { useChannelName } from "./useChannelName";

interface Properties { devices: PickDevice[]; choice: Choice; onChange: (choice: Choice) => void }

export function ChannelPicker({ devices, choice, onChange }: Properties) {
  return (
    <ul className="line-list pick-list">
      {devices.map((device) => (
        <li className="pick" key={device.id}>
          <DeviceTick device={device} choice={choice} onTick={(on) => onChange(chooseDevice(choice, device, on))} />
          <DeviceChoice device={device} choice={choice} onChange={onChange} />
        </li>
      ))}
    </ul>
  );
}

interface Tick { device: Pick<PickDevice, "name" | "kind">; choice?: Choice; onTick: (on: boolean) => void; busy?: boolean }

/** A device as a whole; half ticked where only some of its channels are. */
export function DeviceTick({ device, choice, onTick, busy = false }: Tick & { device: Partial<PickDevice> }) {
  const { t } = useTranslation();
  const known = device as PickDevice;
  const chosen = choice && known.channels ? chosenChannels(choice, known).length : 0;
  const all = chosen > 0 && chosen === known.channels.length;
  return (
    <Checkbox
      size="md" checked={all || busy} indeterminate={chosen > 0 && !all} label={<strong className="wrap">{known.name || t("devices.unnamed")}</strong>}
      description={t(`kind.${known.kind}`)} onChange={(event) => onTick(event.currentTarget.checked)}
    />
  );
}

/** What of a device is chosen. Nothing to see while nothing of it is. */
export function DeviceChoice({ device, choice, onChange }: OfOne) {
  const { t } = useTranslation();
  const channelName = useChannelName();
  const [apart, setApart] = useState(false);
  const chosen = chosenChannels(choice, device);
  if (chosen.length === 0) return null;
  const separate = apart || uniform(choice, device) === null;
  const several = device.channels.length > 1;
  return (
    <Stack gap="sm" className="pick-body">
      {several ? (
        <fieldset className="plain-fieldset">
          <legend>{t("sharing.channels")}</legend>
          <div className="pick-ticks">
            {device.channels.map((channel) => (
              <Checkbox
                key={channel.number} label={channelName(channel.number, channel.name)} checked={Boolean(chosenOf(choice, device.id, channel.number))}
                onChange={(event) => onChange(chooseChannel(choice, device, channel.number, event.currentTarget.checked))}
              />
            ))}
          </div>
        </fieldset>
      ) : null}
      {separate ? chosen.map((channel) => (
        <Permissions
          key={channel.number} device={device} choice={choice} channels={[channel.number]} onChange={onChange}
          title={t("sharing.may_on", { channel: channelName(channel.number, channel.name) })}
        />
      )) : (
        <Permissions device={device} choice={choice} channels={chosen.map(({ number }) => number)} onChange={onChange} title={t("sharing.may")} />
      )}
      {chosen.length > 1 && !separate ? (
        <Button variant="subtle" size="sm" className="text-button pick-apart" onClick={() => setApart(true)}>{t("sharing.apart")}</Button>
      ) : null}
    </Stack>
  );
}

interface OfOne { device: PickDevice; choice: Choice; onChange: (choice: Choice) => void }

function Permissions({ device, choice, channels, title, onChange }: OfOne & { channels: number[]; title: string }) {
  const { t } = useTranslation();
  const [first = 0] = channels;
  const now = chosenOf(choice, device.id, first) ?? [];
  const label = (permission: SharePermission) => `${t(`share_permission.${permission}`)}`;
  return (
    <fieldset className="plain-fieldset">
      <legend>{title}</legend>
      <div className="pick-ticks">
        {permissionsOf(device.kind).map((permission) => (
          <Checkbox
            key={permission} label={<span className="pick-permission">{label(permission)}</span>} checked={now.includes(permission)} disabled={isFixed(permission)}
            description={isFixed(permission) ? t("sharing.always") : permission === "two_way_audio" ? t("sharing.audio_hint") : undefined}
            onChange={(event) => onChange(setPermission(choice, device, channels, permission, event.currentTarget.checked))}
          />
        ))}
      </div>
      {device.kind === "alarm_panel" && now.some(isOperating) ? <Text size="sm" c="dimmed" role="note">{t("sharing.operator_hint")}</Text> : null}
      {now.length === 0 ? <Text size="sm" role="note">{t("sharing.nothing_allowed")}</Text> : null}
    </fieldset>
  );
}
