// What is shared, in words: a line for each device, with its channels and what may be done with them.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type ChannelView, chosenChannels, chosenOf, pickOf, uniform } from "./sharing";
import { useChannelName } from "./useChannelName";

interface Properties {
  channels: ChannelView[]; label?: string;
  /** Without the names of devices, which are told beside it. */
  bare?: boolean;
}

export function SharedLines({ channels, label, bare = false }: Properties) {
  const { t } = useTranslation();
  const channelName = useChannelName();
  const { devices, choice } = pickOf(channels);
  const may = (permissions: readonly string[]) => permissions.map((one) => t(`share_permission.${one}`)).join(", ");
  return (
    <ul className="shared-lines" aria-label={label ?? t("sharing.what")}>
      {devices.map((device) => {
        const alike = uniform(choice, device);
        const chosen = chosenChannels(choice, device);
        const only = chosen.length === 1 && chosen[0]?.number === 0;
        return (
          <li key={device.id}>
            <Text size="sm" className="wrap">
              {bare ? null : <strong>{device.name || t("devices.unnamed")}</strong>}
              {only || !alike ? null : `${bare ? "" : ": "}${chosen.map(({ number, name }) => channelName(number, name)).join(", ")}`}
            </Text>
            {alike ? <Text size="sm" c="dimmed" className="wrap">{may(alike)}</Text> : chosen.map(({ number, name }) => (
              <Text size="sm" c="dimmed" className="wrap" key={number}>
                {channelName(number, name)}: {may(chosenOf(choice, device.id, number) ?? [])}
              </Text>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
