// What a report tells, on the screen and on paper alike.
import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ReportDay, SiteReport } from "../../api/types";
import { formatDay, formatInstant, formatSpan } from "../../texts/times";
import { ShareBars } from "../charts/ShareBars";
import { DevicesTable, DisksTable, ExceptionsTables } from "./ReportTables";
import { percentText } from "./words";

const sliceOf = ({ date, shares }: ReportDay) => ({
  key: date, at: 0, up: shares.up_seconds, down: shares.down_seconds, unknown: shares.unknown_seconds, excluded: shares.excluded_seconds,
});

export function ReportSheet({ report, stale }: { report: SiteReport; stale: boolean }) {
  const { t, i18n } = useTranslation();
  const { total } = report;
  const none = report.devices.length === 0;
  const figures: [string, string][] = [
    [t("report.up"), formatSpan(total.up_seconds, t)], [t("report.down"), formatSpan(total.down_seconds, t)],
    [t("report.unknown"), formatSpan(total.unknown_seconds, t)], [t("report.excluded"), formatSpan(total.excluded_seconds, t)],
  ];
  return (
    <div className={`report${stale ? " report-stale" : ""}`} aria-busy={stale}>
      <header className="only-print report-head">
        <Text>{report.company_name}</Text>
        <Text fw={650} fz={22}>{t("report.title")}</Text>
        <Text>{t("report.subject", { site: report.site_name, from: formatDay(report.from, i18n.language), to: formatDay(report.to, i18n.language) })}</Text>
        {report.site_address ? <Text>{report.site_address}</Text> : null}
      </header>
      <section className="card" aria-labelledby="report-summary">
        <Title order={2} fz="h4" id="report-summary">{t("report.summary")}</Title>
        {none ? <Text c="dimmed" mt="xs">{t("report.no_devices")}</Text> : (
          <>
            <p className="report-figure">
              <strong>{total.availability_percent === null ? t("report.none_seen") : percentText(total.availability_percent, t, i18n.language)}</strong>
              <span>{t("report.availability")} · {t("report.all_devices", { number: report.devices.length })}</span>
            </p>
            <dl className="report-figures">{figures.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
          </>
        )}
        {report.devices_left_out ? <Text size="sm">{t("report.devices_left_out")}</Text> : null}
      </section>
      {none ? null : (
        <section className="card" aria-labelledby="report-days">
          <Title order={2} fz="h4" mb="sm" id="report-days">{t("report.by_day")}</Title>
          <ShareBars
            title={t("report.by_day")} head={t("report.day")} slices={report.days.map(sliceOf)}
            name={(slice) => formatDay(slice.key, i18n.language)}
          />
        </section>
      )}
      <section className="card" aria-labelledby="report-counting">
        <Title order={2} fz="h4" mb="sm" id="report-counting">{t("report.counting")}</Title>
        <ul className="report-counting"><CountingLines report={report} /></ul>
      </section>
      {none ? null : <DevicesTable devices={report.devices} />}
      <ExceptionsTables report={report} />
      <DisksTable disks={report.disks} />
      <Text size="sm" c="dimmed">{t("report.made", { at: formatInstant(report.made_at, i18n.language), zone: report.time_zone })}</Text>
    </div>
  );
}

function CountingLines({ report }: { report: SiteReport }) {
  const { t, i18n } = useTranslation();
  const { counting } = report;
  const lines = [
    t("report.counting_rule"), t(`report.own_network_${counting.own_network}`), t(`report.links_${counting.links}`),
    t(`report.maintenance_${counting.maintenance}`), t("report.zone", { zone: report.time_zone }),
    ...(report.own_network_lost_seconds > 0 ? [t("report.own_network_lost", { time: formatSpan(report.own_network_lost_seconds, t) })] : []),
    ...(report.by_utc_before ? [t("report.by_utc", { date: formatDay(report.by_utc_before, i18n.language) })] : []),
  ];
  return lines.map((line) => <li key={line}>{line}</li>);
}
