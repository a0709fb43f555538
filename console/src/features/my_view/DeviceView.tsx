// A device in use: what each of its channels sees, what it recorded, moving it, and what it told; each as far as one may.
import { NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MyChannels } from "../../api/types";
import { Section } from "../devices/Section";
import { LivePicture } from "./LivePicture";
import { MyEvents } from "./MyEvents";
import { PtzPad } from "./PtzPad";
import { Recordings } from "./Recordings";
import "./view.css";

export function DeviceView({ view }: { view: MyChannels }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<number | null>(null);
  const visible = view.channels.filter(({ permissions }) => permissions.includes("live_view"));
  // What is taken away while it is looked at gives way to what is left.
  const channel = visible.find(({ number }) => number === chosen) ?? visible[0];
  const hears = view.own || view.channels.some(({ permissions }) => permissions.includes("alarm") || permissions.includes("logs"));
  const named = (number: number, name: string) => (name ? `${number} · ${name}` : t("channel.unnamed", { n: number }));
  const name = channel ? channel.name || view.device_name || t("channel.unnamed", { n: channel.number }) : "";
  return (
    <>
      {channel ? (
        <Section
          title={t("my_view.title")}
          right={visible.length > 1 ? (
            <NativeSelect
              aria-label={t("snapshot.channel")} value={String(channel.number)} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
              data={visible.map((one) => ({ value: String(one.number), label: named(one.number, one.name) }))}
            />
          ) : null}
        >
          <LivePicture key={channel.number} device={view.device_id} channel={channel.number} name={name} />
          {channel.permissions.includes("two_way_audio") && !view.own ? <Text size="sm" c="dimmed" mt="sm">{t("my_view.no_audio")}</Text> : null}
        </Section>
      ) : null}
      {channel?.permissions.includes("ptz") ? <PtzPad key={`ptz${channel.number}`} device={view.device_id} channel={channel.number} /> : null}
      {channel?.permissions.includes("playback") ? <Recordings key={`recordings${channel.number}`} device={view.device_id} channel={channel.number} /> : null}
      {hears ? <MyEvents device={view.device_id} mails={view.alarm_mails} /> : null}
    </>
  );
}
