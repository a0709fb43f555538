// How warm the disks of a device were over the last month, where it tells.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listDiskTemperatures } from "../../api/calls";
import type { DiskTemperatures } from "../../api/types";
import { formatDay } from "../../texts/times";
import { Section } from "../devices/Section";
import { heatOf, TOO_WARM } from "./heat";
import "./charts.css";

export function TemperaturePanel({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["disk_temperatures", deviceId], queryFn: () => listDiskTemperatures(deviceId) });
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t("chart.temperatures")}>
      {items.map((disk) => <DiskHeat key={disk.disk} disk={disk} />)}
      <details className="chart-details">
        <summary>{t("chart.table")}</summary>
        <div className="chart-table" role="region" aria-label={t("chart.temperatures")} tabIndex={0}><HeatTable items={items} /></div>
      </details>
    </Section>
  );
}

function DiskHeat({ disk }: { disk: DiskTemperatures }) {
  const { t, i18n } = useTranslation();
  const heat = heatOf(disk.days);
  const [first, last] = [disk.days[0], disk.days.at(-1)];
  if (!heat || !first || !last) return null;
  const degrees = (value: number) => t("chart.degrees", { value });
  const label = `${t("chart.disk", { id: disk.disk })}: ${t("chart.lowest")} ${degrees(Math.min(...disk.days.map((day) => day.lowest_celsius)))}, `
    + `${t("chart.highest")} ${degrees(Math.max(...disk.days.map((day) => day.highest_celsius)))}`;
  return (
    <figure className="chart">
      <figcaption className="heat-title">{t("chart.disk", { id: disk.disk })}</figcaption>
      <div className="heat">
        <div className="heat-scale" aria-hidden="true"><span>{degrees(heat.top)}</span><span>{degrees(heat.bottom)}</span></div>
        <svg viewBox={`0 0 ${heat.days} ${heat.top - heat.bottom}`} preserveAspectRatio="none" role="img" aria-label={label}>
          <polygon className="heat-band" points={heat.band} />
          <polyline className="heat-line" points={heat.line} />
          {heat.top > TOO_WARM && heat.bottom < TOO_WARM ? (
            <line className="heat-limit" x1="0" x2={heat.days} y1={heat.top - TOO_WARM} y2={heat.top - TOO_WARM}>
              <title>{t("chart.limit", { value: TOO_WARM })}</title>
            </line>
          ) : null}
        </svg>
        <div className="heat-foot" aria-hidden="true">
          <span>{formatDay(first.date, i18n.language)}</span><span>{formatDay(last.date, i18n.language)}</span>
        </div>
      </div>
    </figure>
  );
}

function HeatTable({ items }: { items: DiskTemperatures[] }) {
  const { t, i18n } = useTranslation();
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t("report.day")}</th><th scope="col">{t("report.disk")}</th>
          <th scope="col" className="number">{t("chart.lowest")}</th><th scope="col" className="number">{t("chart.highest")}</th>
        </tr>
      </thead>
      <tbody>
        {items.flatMap((disk) => disk.days.map((day) => (
          <tr key={disk.disk + day.date}>
            <th scope="row">{formatDay(day.date, i18n.language)}</th><td>{disk.disk}</td>
            <td className="number">{t("chart.degrees", { value: day.lowest_celsius })}</td>
            <td className="number">{t("chart.degrees", { value: day.highest_celsius })}</td>
          </tr>
        )))}
      </tbody>
    </table>
  );
}
