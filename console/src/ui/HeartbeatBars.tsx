// A row of bars for the last hours; one sentence says the same to those who do not see them.
import { useTranslation } from "react-i18next";
import type { Heartbeat } from "../api/types";
import { formatHour, formatSpan } from "../texts/times";
import { barsOf, upPercent, type Bar } from "./bars";
import { useNow } from "./useNow";

interface Properties { hours: (Heartbeat | null)[]; count?: 24 | 168; tall?: boolean }

export function HeartbeatBars({ hours, count = 24, tall = false }: Properties) {
  const { t, i18n } = useTranslation();
  const now = useNow(60_000);
  const bars = barsOf(hours, count, now);
  const percent = upPercent(hours);
  const title = t(`bars.title_${count}`);
  const label = percent === null ? t("bars.summary_unknown", { title }) : t("bars.summary", {
    title,
    percent,
    down: bars.filter((bar) => bar.state === "partly" || bar.state === "down").length,
    unknown: bars.filter((bar) => bar.state === "unknown").length,
  });
  const say = (bar: Bar) => {
    const state = bar.state === "up" || bar.state === "unknown"
      ? t(`bars.${bar.state}`)
      : t("bars.partly", { span: formatSpan(bar.downSeconds, t) });
    return `${formatHour(bar.hour, i18n.language)}: ${state}`;
  };
  return (
    <div className={`bars bars-${count}${tall ? " bars-tall" : ""}`} role="img" aria-label={label}>
      {bars.map((bar) => <span key={bar.hour} className={`bar bar-${bar.state}`} title={say(bar)} />)}
    </div>
  );
}
