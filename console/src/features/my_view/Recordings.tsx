// What a channel recorded on a day: the day as a line, and each recording to save.
import { Anchor, Group, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listMyRecordings, recordingAddress } from "../../api/calls";
import { serverNow } from "../../api/clock";
import type { Recording } from "../../api/types";
import { formatInstant, formatSpan, secondsSince } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { Section } from "../devices/Section";
import { boundsOf, dayOf, piecesOf, secondsOf } from "./timeline";

/** So many are asked for at once: a day in hours and more. */
const AT_ONCE = 50;
const MEBIBYTE = 1024 * 1024;

export function Recordings({ device, channel }: { device: string; channel: number }) {
  const { t } = useTranslation();
  const [day, setDay] = useState(() => dayOf(new Date(serverNow())));
  const { from, to } = boundsOf(day);
  const filter = { device, channel, from: from.toISOString(), to: to.toISOString(), limit: AT_ONCE };
  const list = usePages("my recordings", filter, listMyRecordings, false);
  // Those of the day before are of no use while this one's are asked for.
  const items = list.isPlaceholderData ? [] : list.items;
  const pieces = piecesOf(items, day);
  const recorded = formatSpan(secondsOf(pieces), t);
  return (
    <Section title={t("my_view.recordings")}>
      <Group gap="sm" align="end" mb="sm">
        <TextInput
          type="date" label={t("my_view.day")} value={day} max={dayOf(new Date(serverNow()))}
          onChange={({ currentTarget }) => {
            if (currentTarget.value) setDay(currentTarget.value);
          }}
        />
      </Group>
      <ErrorNote error={list.error} />
      {(list.isPending || list.isPlaceholderData) && !list.error ? <LoadingRows /> : null}
      {list.isSuccess && !list.isPlaceholderData ? (
        <>
          <div className="day-line" role="img" aria-label={pieces.length > 0 ? t("my_view.recorded", { span: recorded }) : t("my_view.nothing")}>
            {pieces.map((piece) => <span key={piece.left} style={{ left: `${String(piece.left)}%`, width: `${String(piece.width)}%` }} />)}
          </div>
          <div className="day-hours" aria-hidden="true">{[0, 6, 12, 18, 24].map((hour) => <span key={hour}>{hour}</span>)}</div>
          {items.length === 0 ? <Text size="sm" c="dimmed">{t("my_view.nothing")}</Text> : null}
          <ul className="plain-list" aria-label={t("my_view.recordings")}>
            {items.map((recording) => <RecordingRow key={recording.from} device={device} channel={channel} recording={recording} />)}
          </ul>
          <MoreButton list={list} />
          {items.length > 0 ? <Text size="sm" c="dimmed" mt="sm">{t("my_view.file_hint")}</Text> : null}
        </>
      ) : null}
    </Section>
  );
}

function RecordingRow({ device, channel, recording }: { device: string; channel: number; recording: Recording }) {
  const { t, i18n } = useTranslation();
  const at = formatInstant(recording.from, i18n.language);
  const span = formatSpan(secondsSince(recording.from, Date.parse(recording.to)), t);
  const size = recording.bytes === null ? "" : new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(recording.bytes / MEBIBYTE);
  return (
    <li className="recording">
      <Text component="span" className="grow wrap">
        {at}
        <Text component="span" size="sm" c="dimmed">{` ${[span, size ? t("my_view.megabytes", { n: size }) : ""].filter(Boolean).join(" · ")}`}</Text>
      </Text>
      <Anchor
        className="save" href={recordingAddress(device, channel, recording.from)} download underline="always"
        aria-label={t("my_view.save_of", { at })}
      >
        <IconDownload size={18} aria-hidden="true" />
        {t("my_view.save")}
      </Anchor>
    </li>
  );
}
