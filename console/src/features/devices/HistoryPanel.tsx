// When the device answered: bars for a day or a week, and each change of health.
import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getHistory } from "../../api/calls";
import { formatInstant } from "../../texts/times";
import { upPercent } from "../../ui/bars";
import { ErrorNote } from "../../ui/ErrorNote";
import { HealthBadge } from "../../ui/HealthBadge";
import { HeartbeatBars } from "../../ui/HeartbeatBars";
import { Section } from "./Section";

const MOST_CHANGES = 12;

export function HistoryPanel({ deviceId }: { deviceId: string }) {
  const { t, i18n } = useTranslation();
  const [hours, setHours] = useState<24 | 168>(24);
  const history = useQuery({ queryKey: ["history", deviceId, hours], queryFn: () => getHistory(deviceId, hours) });
  const percent = history.data ? upPercent(history.data.hours) : null;
  return (
    <Section
      title={t("history.title")}
      right={
        <SegmentedControl
          aria-label={t("history.range")} value={String(hours)} onChange={(value) => setHours(value === "168" ? 168 : 24)}
          data={[{ value: "24", label: t("history.h24") }, { value: "168", label: t("history.d7") }]}
        />
      }
    >
      <ErrorNote error={history.error} />
      {history.data ? <HeartbeatBars hours={history.data.hours} count={hours} tall /> : <Skeleton height={44} />}
      <div className="bars-foot">
        <span>{t(`bars.title_${hours}`)}</span>
        <span>{percent === null ? t("bars.unknown") : t("bars.percent", { percent })}</span>
        <span>{t("bars.now")}</span>
      </div>
      {history.data && history.data.transitions.length === 0 ? <Text size="sm" c="dimmed" mt="sm">{t("history.none")}</Text> : null}
      <ul className="changes">
        {history.data?.transitions.slice(-MOST_CHANGES).reverse().map((change) => (
          <li key={change.at + change.to}>
            <time dateTime={change.at}>{formatInstant(change.at, i18n.language)}</time>
            <HealthBadge health={change.from} /> <span aria-hidden="true">→</span> <HealthBadge health={change.to} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
