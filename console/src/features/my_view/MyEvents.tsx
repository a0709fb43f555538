// What a device told, and for whom it is shared: whether mails about it are wanted.
import { Switch, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listMyEvents, setMyAlarmMails } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { DeviceEventRow } from "../device_events/DeviceEventRow";
import { Section } from "../devices/Section";

/** So many fit on a page that has much else to show. */
const SHOWN = 10;
/** Events are many, and nobody tells of each. */
const EVERY = 10_000;

export function MyEvents({ device, mails }: { device: string; mails: boolean | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = usePages("my events", { device_id: device, limit: SHOWN }, listMyEvents, EVERY);
  const setting = useMutation({
    mutationFn: (wanted: boolean) => setMyAlarmMails(device, wanted),
    onSettled: () => client.invalidateQueries({ queryKey: ["my channels", device] }),
  });
  return (
    <Section title={t("device_events.title")}>
      {mails === null ? null : (
        <Switch
          mb="sm" label={t("my_view.mails")} description={t("my_view.mails_hint")} checked={setting.isPending ? setting.variables : mails}
          onChange={({ currentTarget }) => setting.mutate(currentTarget.checked)}
        />
      )}
      <ErrorNote error={list.error ?? setting.error} />
      {list.isSuccess && list.items.length === 0 ? <Text size="sm" c="dimmed">{t("device_events.none")}</Text> : null}
      <ul className="plain-list" aria-label={t("device_events.title")}>
        {list.items.map((event) => <DeviceEventRow key={event.seq} event={event} />)}
      </ul>
      <MoreButton list={list} />
    </Section>
  );
}
