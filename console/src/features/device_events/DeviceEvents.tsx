// What a device told by itself, newest first, as it comes; how it is heard stands above.
import { NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listDeviceEvents } from "../../api/calls";
import type { Device, DeviceEventKind } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { Section } from "../devices/Section";
import { DeviceEventRow } from "./DeviceEventRow";
import { EventSource } from "./EventSource";
import { KINDS } from "./kinds";

interface Properties { device: Device; poll: number | false }

/** So many fit on a page that has much else to show. */
const SHOWN = 10;

export function DeviceEvents({ device, poll }: Properties) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<DeviceEventKind | "">("");
  const list = usePages("device_events", { device_id: device.id, kind: kind || null, limit: SHOWN }, listDeviceEvents, poll);
  const empty = list.isSuccess && list.items.length === 0;
  return (
    <Section
      title={t("device_events.title")}
      right={empty && !kind ? null : (
        <NativeSelect
          aria-label={t("device_events.only")} value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as DeviceEventKind | "")}
          data={[{ value: "", label: t("device_events.every") }, ...KINDS.map((one) => ({ value: one, label: t(`device_event_kind.${one}`) }))]}
        />
      )}
    >
      <EventSource device={device} poll={poll} />
      <ErrorNote error={list.error} />
      {empty ? <Text size="sm" c="dimmed" mt="sm">{t(kind ? "device_events.none_of_kind" : "device_events.none")}</Text> : null}
      <ul className="plain-list" aria-label={t("device_events.title")}>
        {list.items.map((event) => <DeviceEventRow key={event.seq} event={event} />)}
      </ul>
      <MoreButton list={list} />
    </Section>
  );
}
