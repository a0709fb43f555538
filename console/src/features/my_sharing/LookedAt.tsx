// What a code is for, to whoever does not have it yet: names of devices and numbers of channels.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ShareCodeLook } from "../../api/types";
import { KindIcon } from "../../ui/KindIcon";
import { byName } from "./lists";
import { useChannelName } from "./useChannelName";

export function LookedAt({ channels }: { channels: ShareCodeLook["channels"] }) {
  const { t } = useTranslation();
  const channelName = useChannelName();
  return (
    <ul className="line-list" aria-label={t("sharing.what")}>
      {byName(channels).map(({ name, kind, numbers }) => {
        const told = numbers.filter((number) => number > 0).map((number) => channelName(number)).join(", ");
        return (
          <li className="line" key={`${kind} ${name}`}>
            <KindIcon kind={kind} />
            <div className="grow">
              <Text fw={600} className="wrap">{name || t("devices.unnamed")}</Text>
              <Text size="sm" c="dimmed" className="wrap">{told || t(`kind.${kind}`)}</Text>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
