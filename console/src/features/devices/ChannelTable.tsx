// The channels of a camera or recorder and how each is.
import { Stack } from "@mantine/core";
import { IconCircleCheck, IconHelpCircle, IconPlayerRecord, IconPlayerStop, IconPlugConnectedX, IconVideoOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/facts";
import { factOf, type Known } from "./facts";
import { Section } from "./Section";
import { State } from "./State";

export function ChannelTable({ device }: { device: Known }) {
  const { t } = useTranslation();
  const fact = factOf<Channel[]>(device, "channels");
  if (!fact || fact.value.length === 0) return null;
  const camera = (channel: Channel) =>
    [channel.model ?? t(`channel.source_${channel.source}`), channel.address].filter(Boolean).join(" · ");
  return (
    <Section title={t("fact.channels")} fact={fact}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col" className="narrow">{t("channel.number")}</th><th scope="col">{t("channel.name")}</th>
            <th scope="col">{t("channel.state")}</th><th scope="col" className="wide-only">{t("channel.camera")}</th>
          </tr>
        </thead>
        <tbody>
          {fact.value.map((channel) => (
            <tr key={channel.number}>
              <td className="narrow">{channel.number}</td>
              <th scope="row">
                {channel.name || t("channel.unnamed", { n: channel.number })}
                <span className="quiet-text only-phone">{camera(channel)}</span>
              </th>
              <td>
                <Stack gap={4} align="flex-start">
                  <ChannelState channel={channel} fresh={fact.fresh} />
                  {fact.fresh ? <RecordingState channel={channel} /> : null}
                </Stack>
              </td>
              <td className="quiet-text wide-only">{camera(channel)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function RecordingState({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  if (channel.recording === true) return <State tone="healthy" Icon={IconPlayerRecord} text={t("channel.is_recording")} />;
  if (channel.recording === false) return <State tone="unknown" Icon={IconPlayerStop} text={t("channel.not_recording")} />;
  return null;
}

function ChannelState({ channel, fresh }: { channel: Channel; fresh: boolean }) {
  const { t } = useTranslation();
  if (!fresh) return <State tone="unknown" Icon={IconHelpCircle} text={t("health.unknown")} />;
  if (channel.online === false) return <State tone="offline" Icon={IconPlugConnectedX} text={t("channel.offline")} detail={channel.detail} />;
  if (channel.video_loss) return <State tone="faulty" Icon={IconVideoOff} text={t("channel.video_loss")} />;
  if (channel.online) return <State tone="healthy" Icon={IconCircleCheck} text={t("channel.online")} />;
  return <State tone="unknown" Icon={IconHelpCircle} text={t("channel.unknown")} />;
}
