// When the device answered: bars for a day or a month, and each change of health.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatInstant } from "../../texts/times";
import { HealthBadge } from "../../ui/HealthBadge";
import { HistoryChart, HistoryChoice, useHistory } from "../charts/HistoryChart";
import { Section } from "./Section";

const MOST_CHANGES = 12;

export function HistoryPanel({ deviceId }: { deviceId: string }) {
  const { t, i18n } = useTranslation();
  const { hours, setHours, history } = useHistory(deviceId);
  return (
    <Section
      title={t("history.title")}
      right={<HistoryChoice hours={hours} onChange={setHours} />}
    >
      <HistoryChart hours={hours} history={history} />
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
