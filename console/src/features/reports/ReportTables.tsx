// The tables of a report: devices with firmware, exceptions, disks.
import { Anchor, Button, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ReportDevice, ReportDisk, SiteReport } from "../../api/types";
import { formatInstant, formatSpan } from "../../texts/times";
import { formatCapacity } from "../devices/capacity";
import { VerdictBadge } from "../fleet/VerdictBadge";
import { percentText } from "./words";

/** Rows shown before somebody asks for all: a page of five hundred devices must not be slow to read. */
const FIRST_ROWS = 50;

interface TableProperties { id: string; title: string; none: string; count: number; head: [string, boolean][]; rows: (most: number) => ReactNode; children?: ReactNode }

function ReportTable({ id, title, none, count, head, rows, children }: TableProperties) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  return (
    <section className="card" aria-labelledby={id}>
      <Title order={2} fz="h4" mb="sm" id={id}>{title}</Title>
      {children}
      {count === 0 ? <Text c="dimmed">{none}</Text> : (
        <table className="table table-stack">
          <thead><tr>{head.map(([name, number]) => <th key={name} scope="col" className={number ? "number" : undefined}>{name}</th>)}</tr></thead>
          <tbody>{rows(all ? count : FIRST_ROWS)}</tbody>
        </table>
      )}
      {!all && count > FIRST_ROWS ? (
        <Button variant="default" mt="md" className="no-print" onClick={() => setAll(true)}>{t("report.show_all", { number: count })}</Button>
      ) : null}
    </section>
  );
}

export function DevicesTable({ devices }: { devices: ReportDevice[] }) {
  const { t, i18n } = useTranslation();
  const span = (seconds: number) => (seconds > 0 ? formatSpan(seconds, t) : "–");
  const head: [string, boolean][] = [
    [t("report.device"), false], [t("report.firmware"), false], [t("report.availability"), true], [t("report.up"), true], [t("report.down"), true],
    [t("report.unknown"), true], [t("report.excluded"), true], [t("report.outages"), true],
  ];
  return (
    <ReportTable
      id="report-devices" title={t("report.devices")} none={t("report.no_devices")} count={devices.length} head={head}
      rows={(most) => devices.slice(0, most).map((device) => (
        <tr key={device.id}>
          <th scope="row">
            <Anchor component={Link} to={`/devices/${device.id}`}>{device.name || t("devices.unnamed")}</Anchor>
            <div className="quiet-text">{device.model || t(`kind.${device.kind}`)}</div>
          </th>
          <td data-label={t("report.firmware")}>
            <span className="report-firmware">{device.firmware || "–"}<VerdictBadge verdict={device.firmware_verdict} /></span>
          </td>
          <td data-label={t("report.availability")} className="number"><strong>{percentText(device.shares.availability_percent, t, i18n.language)}</strong></td>
          <td data-label={t("report.up")} className="number">{span(device.shares.up_seconds)}</td>
          <td data-label={t("report.down")} className="number">{span(device.shares.down_seconds)}</td>
          <td data-label={t("report.unknown")} className="number">{span(device.shares.unknown_seconds)}</td>
          <td data-label={t("report.excluded")} className="number">{span(device.shares.excluded_seconds)}</td>
          <td data-label={t("report.outages")} className="number">
            {device.outages}{device.outages > 0 ? <div className="quiet-text">{t("report.longest_short", { time: span(device.longest_outage_seconds) })}</div> : null}
          </td>
        </tr>
      ))}
    />
  );
}

export function ExceptionsTables({ report }: { report: SiteReport }) {
  const { t, i18n } = useTranslation();
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const counts = report.exception_counts;
  const head: [string, boolean][] = [
    [t("report.device"), false], [t("report.kind"), false], [t("report.opened"), true], [t("report.closed"), true],
  ];
  return (
    <ReportTable
      id="report-exceptions" title={t("report.exceptions")} none={t("report.no_exceptions")} count={report.exceptions.length} head={head}
      rows={(most) => report.exceptions.slice(0, most).map((one) => (
        <tr key={one.device_id + one.kind + one.part + one.opened_at}>
          <th scope="row">{one.device_name}</th>
          <td data-label={t("report.kind")}>{t(`exception_kind.${one.kind}`)}{one.part ? <span className="quiet-text"> {one.part}</span> : null}</td>
          <td data-label={t("report.opened")} className="number">{at(one.opened_at)}</td>
          <td data-label={t("report.closed")} className="number">{one.closed_at ? at(one.closed_at) : t("report.still_open")}</td>
        </tr>
      ))}
    >
      {counts.length > 0 ? (
        <ul className="report-counts">
          {counts.map((one) => (
            <li key={one.kind}>
              <strong>{one.count}</strong> {t(`exception_kind.${one.kind}`)} <span className="quiet-text">{t(`severity.${one.severity}`)} · {formatSpan(one.seconds, t)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {report.exceptions_left_out > 0 ? <Text size="sm" c="dimmed" mb="sm">{t("report.exceptions_left_out", { number: report.exceptions_left_out })}</Text> : null}
    </ReportTable>
  );
}

export function DisksTable({ disks }: { disks: ReportDisk[] }) {
  const { t, i18n } = useTranslation();
  const warm = (disk: ReportDisk) => (disk.lowest_celsius === null ? "–" : t("report.temperatures", { lowest: disk.lowest_celsius, highest: disk.highest_celsius }));
  const head: [string, boolean][] = [
    [t("report.device"), false], [t("report.disk"), false], [t("report.state"), false], [t("report.capacity"), true], [t("report.temperature"), true],
  ];
  return (
    <ReportTable
      id="report-disks" title={t("report.disks")} none={t("report.no_disks")} count={disks.length} head={head}
      rows={(most) => disks.slice(0, most).map((disk) => (
        <tr key={disk.device_id + disk.kind + disk.name}>
          <th scope="row">{disk.device_name}</th>
          <td data-label={t("report.disk")}>{disk.name} <span className="quiet-text">{disk.kind}</span></td>
          <td data-label={t("report.state")}>{t(`disk.${disk.state}`)}</td>
          <td data-label={t("report.capacity")} className="number">{disk.capacity_mb === null ? "–" : formatCapacity(disk.capacity_mb, t, i18n.language)}</td>
          <td data-label={t("report.temperature")} className="number">{warm(disk)}</td>
        </tr>
      ))}
    />
  );
}
