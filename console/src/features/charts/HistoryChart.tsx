// How a device answered: by the hour for a day, by the day for a month.
import { SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getHistory } from "../../api/calls";
import { formatHour } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useNow } from "../../ui/useNow";
import { byDay, byHour, type Slice } from "./shares";
import { ShareBars } from "./ShareBars";

export type HistoryHours = 24 | 720;

export function HistoryChoice({ hours, onChange }: { hours: HistoryHours; onChange: (hours: HistoryHours) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t("history.range")} value={String(hours)} onChange={(value) => onChange(value === "720" ? 720 : 24)}
      data={[{ value: "24", label: t("chart.h24") }, { value: "720", label: t("chart.d30") }]}
    />
  );
}

export function useHistory(deviceId: string) {
  const [hours, setHours] = useState<HistoryHours>(24);
  const history = useQuery({ queryKey: ["history", deviceId, hours], queryFn: () => getHistory(deviceId, hours) });
  return { hours, setHours, history };
}

export function HistoryChart({ hours, history }: Omit<ReturnType<typeof useHistory>, "setHours">) {
  const { t, i18n } = useTranslation();
  const now = useNow(60_000);
  if (!history.data) return history.isError ? <ErrorNote error={history.error} /> : <Skeleton height={96} />;
  const slices = byHour(history.data.hours, hours, now);
  const day = (slice: Slice) => new Date(slice.at).toLocaleDateString(i18n.language, { day: "numeric", month: "short" });
  return hours === 24
    ? <ShareBars title={t("chart.beats")} head={t("chart.time")} slices={slices} name={(slice) => formatHour(slice.at, i18n.language)} />
    : <ShareBars title={t("chart.beats_days")} head={t("report.day")} slices={byDay(slices)} name={day} />;
}
