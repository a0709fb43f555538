// A fact as rows of name and value; what the device did not tell is left out.
import type * as F from "../../api/facts";
import type { Topic } from "../../api/types";
import { formatSpan, type Translate } from "../../texts/times";

export type Row = [name: string, value: string];
type Maybe = [name: string, value: string | number | null | undefined];

/** Rows for a topic's value. */
export function factRows(t: Translate, topic: Topic, value: unknown): Row[] {
  switch (topic) {
    case "identity": return told(identity(t, value as F.Identity));
    case "status": return told(status(t, value as F.RunStatus));
    case "clock": return told(clock(t, value as F.Clock));
    case "network": return told((value as F.NetworkInterface[]).flatMap((one) => network(t, one)));
    case "user_check": return told(userCheck(t, value as F.UserCheck));
    case "capabilities": return told(capabilities(t, value as F.Capabilities));
    default: return [];
  }
}

function told(rows: Maybe[]): Row[] {
  return rows.flatMap(([name, value]): Row[] =>
    value === null || value === undefined || value === "" ? [] : [[name, String(value)]]);
}

function identity(t: Translate, v: F.Identity): Maybe[] {
  return [
    [t("fact.device_name"), v.device_name],
    [t("fact.model"), v.model],
    [t("fact.serial"), v.serial_number],
    [t("fact.short_serial"), v.short_serial],
    [t("fact.firmware"), [v.firmware_version, v.firmware_released].filter(Boolean).join(" ")],
    [t("fact.hardware"), v.hardware_version],
    [t("fact.mac"), v.mac_address],
    [t("fact.manufacturer"), v.manufacturer],
    [t("fact.device_type"), v.device_type],
  ];
}

function status(t: Translate, v: F.RunStatus): Maybe[] {
  return [
    [t("fact.uptime"), v.uptime_seconds === null ? null : formatSpan(v.uptime_seconds, t)],
    [t("fact.cpu"), percent(v.cpu_percent)],
    [t("fact.memory"), percent(v.memory_percent)],
    [t("fact.restarts"), v.uptime_seconds === null ? null : v.restarts?.length ?? 0],
  ];
}

function percent(value: number | null): string | null {
  return value === null ? null : `${Math.round(value)} %`;
}

function clock(t: Translate, v: F.Clock): Maybe[] {
  return [
    [t("fact.offset"), offset(t, v.offset_seconds)],
    [t("fact.local_time"), v.local_time?.replace("T", " ").replace(/([+-]\d\d:\d\d)$/, " $1")],
    [t("fact.zone"), v.time_zone],
    [t("fact.clock_mode"), v.mode],
  ];
}

function offset(t: Translate, seconds: number | null): string | null {
  if (seconds === null) return null;
  if (seconds === 0) return t("fact.offset_none");
  return t(seconds > 0 ? "fact.offset_ahead" : "fact.offset_behind", { span: formatSpan(seconds, t) });
}

function network(t: Translate, v: F.NetworkInterface): Maybe[] {
  return [
    [t("fact.interface", { id: v.id }), v.ip_address],
    [t("fact.mask"), v.subnet_mask],
    [t("fact.gateway"), v.gateway],
    [t("fact.dns"), v.dns.join(", ")],
    [t("fact.addressing"), v.addressing],
    [t("fact.mac"), v.mac_address],
  ];
}

function userCheck(t: Translate, v: F.UserCheck): Maybe[] {
  return [
    [t("fact.default_password"), yesNo(t, v.default_password, "fact.default_password_")],
    [t("fact.risk_password"), yesNo(t, v.risk_password, "fact.risk_password_")],
  ];
}

function capabilities(t: Translate, v: F.Capabilities): Maybe[] {
  return [
    [t("fact.cloud_service"), yesNo(t, v.cloud_service, "fact.")],
    [t("fact.cloud_unbind"), yesNo(t, v.cloud_unbind, "fact.")],
    [t("fact.video_inputs"), v.video_inputs],
    [t("fact.alarm_inputs"), v.alarm_inputs],
    [t("fact.alarm_outputs"), v.alarm_outputs],
  ];
}

function yesNo(t: Translate, value: boolean | null, prefix: string): string | null {
  return value === null ? null : t(`${prefix}${value ? "yes" : "no"}`);
}
