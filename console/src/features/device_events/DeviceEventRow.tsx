// One thing that a device told, from its beginning to its end.
import { Text } from "@mantine/core";
import { IconActivity, IconPointFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceEvent } from "../../api/types";
import { formatInstant, formatSpan, secondsSince } from "../../texts/times";
import { placeOf } from "./kinds";

/** What is shown of an event, whoever looks at it. */
type Shown = Pick<DeviceEvent, "kind" | "channel" | "word" | "at" | "ended_at">;

export function DeviceEventRow({ event }: { event: Shown }) {
  const { t, i18n } = useTranslation();
  const at = formatInstant(event.at, i18n.language);
  const lasts = event.ended_at === null;
  const seconds = lasts ? 0 : secondsSince(event.at, Date.parse(event.ended_at ?? event.at));
  const Icon = lasts ? IconActivity : IconPointFilled;
  const place = event.channel === null ? "" : `, ${t(`device_events.${placeOf(event.kind)}`, { number: event.channel })}`;
  return (
    <li className={`device-event${lasts ? " device-event-lasts" : ""}`}>
      <Icon size={lasts ? 18 : 12} aria-hidden="true" />
      <Text component="span" className="grow wrap">
        {`${t(`device_event_kind.${event.kind}`)}${place}`}
        {event.kind === "other" ? <Text component="span" size="sm" c="dimmed">{` ${event.word}`}</Text> : null}
      </Text>
      <Text component="span" size="sm" c="dimmed">
        {lasts ? t("device_events.lasts", { at }) : seconds >= 1 ? t("device_events.lasted", { at, span: formatSpan(seconds, t) }) : at}
      </Text>
    </li>
  );
}
