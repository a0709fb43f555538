// What a channel is called; 0 is the device itself.
import { useTranslation } from "react-i18next";

export function useChannelName(): (channel: number, name?: string | null) => string {
  const { t } = useTranslation();
  return (channel, name) => {
    if (channel === 0) return t("sharing.whole_device");
    return name ? `${channel} · ${name}` : t("my_shares.channel", { number: channel });
  };
}
