// A picture of what the device sees now: taken when asked for, kept nowhere.
import { ActionIcon, Button, Group, Select, Text } from "@mantine/core";
import { IconCamera, IconDownload, IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { getSnapshot } from "../../api/calls";
import { serverNow } from "../../api/clock";
import type { Device } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { deviceName } from "../devices/address";
import { Section } from "../devices/Section";
import { saveFile } from "./files";

export function SnapshotPanel({ device }: { device: Device }) {
  const { t, i18n } = useTranslation();
  const [channel, setChannel] = useState(device.channels[0]?.number ?? 1);
  const [shot, setShot] = useState<{ address: string; at: string; channel: number } | null>(null);
  const taking = useMutation({
    mutationFn: (number: number) => getSnapshot(device.id, number),
    onSuccess: (picture, number) => setShot({ address: URL.createObjectURL(picture), at: new Date(serverNow()).toISOString(), channel: number }),
  });
  useEffect(() => () => {
    if (shot) URL.revokeObjectURL(shot.address);
  }, [shot]);
  if (!device.operations.includes("snapshot")) return null;
  const channels = device.channels.map(({ number, name }) => ({
    value: String(number), label: `${number} · ${name || t("channel.unnamed", { n: number })}`,
  }));
  const choose = (value: string | null) => {
    const number = Number(value ?? channel);
    setChannel(number);
    if (shot) taking.mutate(number);
  };
  return (
    <Section
      title={t("snapshot.title")}
      right={shot ? (
        <Group gap="xs">
          <ActionIcon variant="default" size={42} aria-label={t("snapshot.save")} onClick={() => saveFile(shot.address, `${deviceName(device)} ${shot.channel}.jpg`)}>
            <IconDownload size={20} aria-hidden="true" />
          </ActionIcon>
          <Button
            variant="default" loading={taking.isPending} leftSection={<IconRefresh size={18} aria-hidden="true" />}
            onClick={() => taking.mutate(channel)}
          >
            {t("snapshot.again")}
          </Button>
        </Group>
      ) : null}
    >
      {channels.length > 1 ? (
        <Select
          aria-label={t("snapshot.channel")} data={channels} value={String(channel)} allowDeselect={false} searchable={channels.length > 12}
          maw={360} mb="sm" onChange={choose}
        />
      ) : null}
      <ErrorNote error={taking.error} />
      {shot ? (
        <figure className="snapshot">
          <img src={shot.address} alt={t("snapshot.alt", { n: shot.channel, name: deviceName(device) })} />
          <figcaption><Text size="sm" c="dimmed">{t("snapshot.taken", { at: formatInstant(shot.at, i18n.language) })}</Text></figcaption>
        </figure>
      ) : (
        <Button variant="default" loading={taking.isPending} leftSection={<IconCamera size={18} aria-hidden="true" />} onClick={() => taking.mutate(channel)}>
          {t("snapshot.take")}
        </Button>
      )}
    </Section>
  );
}
