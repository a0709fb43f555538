// How a device is heard: its event stream, and whether it may push; what to enter in it is one tap away.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBroadcast, IconBroadcastOff } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createEventListener, deleteEventListener, getEventSource } from "../../api/calls";
import type { Device, EventSource as Source } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { measuredEvery } from "../devices/measured";
import { useSession } from "../session/session";
import { ListenerDialog } from "./ListenerDialog";

interface Properties { device: Device; poll: number | false }

export function EventSource({ device, poll }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const stopping = useDialog();
  const key = ["device_events", "source", device.id];
  const { poll_period_seconds } = useSession();
  const source = useQuery({
    queryKey: key, queryFn: () => getEventSource(device.id), refetchInterval: poll || measuredEvery(poll_period_seconds),
  });
  const again = () => void client.invalidateQueries({ queryKey: key });
  const listens = source.data !== undefined && source.data.listener !== null;
  const making = useMutation({
    mutationFn: async () => ({ replaces: listens, settings: await createEventListener(device.id) }),
    onSuccess: again,
  });
  return (
    <Stack gap="xs" mb="sm">
      <ErrorNote error={source.error ?? making.error} />
      {source.data ? <Lines source={source.data} /> : null}
      <Group gap="sm">
        <Button variant="default" size="sm" loading={making.isPending} disabled={!source.data} onClick={() => making.mutate()}>
          {t(listens ? "device_events.push_again" : "device_events.push")}
        </Button>
        {listens ? <Button variant="default" size="sm" onClick={stopping.open}>{t("device_events.stop")}</Button> : null}
      </Group>
      <ListenerDialog settings={making.data?.settings ?? null} replaces={making.data?.replaces ?? false} onClose={making.reset} />
      <ConfirmDialog
        opened={stopping.opened} onClose={stopping.close} title={t("device_events.stop_title")} text={t("device_events.stop_text")}
        action={t("device_events.stop")} run={() => deleteEventListener(device.id)}
        onDone={() => {
          stopping.close();
          again();
        }}
      />
    </Stack>
  );
}

function Lines({ source: { stream, listener, dropped, dropped_at } }: { source: Source }) {
  const { t, i18n } = useTranslation();
  const instant = (at: string) => formatInstant(at, i18n.language);
  const Icon = stream?.state === "open" ? IconBroadcast : IconBroadcastOff;
  return (
    <div className="event-source">
      <Icon size={20} aria-hidden="true" className={stream?.state === "open" ? "event-source-open" : undefined} />
      <div className="grow">
        <Text size="sm">{t(`device_events.stream_${stream?.state ?? "none"}`)}</Text>
        {listener ? (
          <Text size="sm" c="dimmed">
            {listener.pushed_at ? t("device_events.pushed", { at: instant(listener.pushed_at) }) : t("device_events.not_pushed")}
          </Text>
        ) : null}
        {dropped > 0 && dropped_at ? (
          <Text size="sm" c="dimmed">{t("device_events.dropped", { count: dropped, at: instant(dropped_at) })}</Text>
        ) : null}
      </div>
    </div>
  );
}
