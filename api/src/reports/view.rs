//! A report as the API sends it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use siteward_domain::availability::Shares as SharesOfTime;
use utoipa::ToSchema;

use super::making::{Report, ReportLine};
use super::percent;
use crate::words::{DeviceKind, DiskState, ExceptionKind, Severity, Verdict, WhileLost, WhileMaintained};

/// The report of a site over a span of days.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteReport {
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// Its name.
    site_name: String,
    /// Its address; may be empty.
    site_address: String,
    /// Its time zone: days are those of its clock.
    time_zone: String,
    /// Who reports.
    company_name: String,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// When it was made.
    made_at: DateTime<Utc>,
    /// How downtime was counted.
    counting: ReportCounting,
    /// Days before this one are days of UTC, for their hours are forgotten; null where all hours are known.
    #[schema(required = true)]
    by_utc_before: Option<NaiveDate>,
    /// Seconds of the span in which the platform's own network was lost.
    own_network_lost_seconds: i64,
    /// All devices together.
    total: Shares,
    /// The same by day.
    #[schema(max_items = 366)]
    days: Vec<ReportDay>,
    /// The devices, by name.
    #[schema(max_items = 5000)]
    devices: Vec<ReportDevice>,
    /// Whether the site has more devices than a report tells of.
    devices_left_out: bool,
    /// Exceptions that were open within the span, by kind.
    exception_counts: Vec<ExceptionCount>,
    /// The newest of them.
    exceptions: Vec<ReportException>,
    /// How many are not listed here; the CSV has them.
    exceptions_left_out: u64,
    /// Disks as they are now.
    disks: Vec<ReportDisk>,
}

/// How downtime was counted.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportCounting {
    /// While the platform's own network was lost.
    own_network: WhileLost,
    /// While the link of a device was down.
    links: WhileLost,
    /// Within maintenance windows.
    maintenance: WhileMaintained,
}

/// Time shared out; the four always add up to all of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Shares {
    /// Seconds seen up.
    up_seconds: i64,
    /// Seconds seen down, or counted as down.
    down_seconds: i64,
    /// Seconds in which nobody looked: neither up nor down.
    unknown_seconds: i64,
    /// Seconds that are left out by choice.
    excluded_seconds: i64,
    /// Up as a part of up and down, in percent, rounded down to three decimals; null where nothing was seen.
    #[schema(required = true)]
    availability_percent: Option<f64>,
}

/// A day of all devices.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportDay {
    /// Its date.
    date: NaiveDate,
    /// How it was.
    shares: Shares,
}

/// A device of a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportDevice {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name, or its host where it has none.
    name: String,
    /// What it is.
    kind: DeviceKind,
    /// Its model; may be empty.
    model: String,
    /// Its serial number.
    #[schema(required = true)]
    serial: Option<String>,
    /// Its firmware as it is now; may be empty.
    firmware: String,
    /// What is known of that firmware.
    firmware_verdict: Verdict,
    /// When it was added: there is no time of it before.
    added_at: DateTime<Utc>,
    /// How it was.
    shares: Shares,
    /// How often it was offline.
    outages: u32,
    /// Seconds of the longest outage, within the span.
    longest_outage_seconds: i64,
}

/// How many exceptions of a kind there were.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExceptionCount {
    /// The kind.
    kind: ExceptionKind,
    /// How much it matters.
    severity: Severity,
    /// How many.
    count: u64,
    /// Seconds of all of them together, within the span.
    seconds: i64,
}

/// An exception of a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportException {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name, or its host where it has none.
    device_name: String,
    /// What was wrong.
    kind: ExceptionKind,
    /// With which part: a channel number or disk id; empty for the device itself.
    part: String,
    /// When it was first seen.
    opened_at: DateTime<Utc>,
    /// When it was over; null while it lasts.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
}

/// A disk of a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportDisk {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name, or its host where it has none.
    device_name: String,
    /// The device's own name or id of the disk.
    name: String,
    /// Its kind in the device's words.
    kind: String,
    /// Its state.
    state: DiskState,
    /// Capacity in MB.
    #[schema(required = true)]
    capacity_mb: Option<u64>,
    /// The lowest temperature of the span, degrees Celsius.
    #[schema(required = true)]
    lowest_celsius: Option<i32>,
    /// The highest temperature of the span, degrees Celsius.
    #[schema(required = true)]
    highest_celsius: Option<i32>,
}

impl From<SharesOfTime> for Shares {
    fn from(shares: SharesOfTime) -> Self {
        Self {
            up_seconds: shares.up,
            down_seconds: shares.down,
            unknown_seconds: shares.unknown,
            excluded_seconds: shares.excluded,
            availability_percent: percent(shares),
        }
    }
}

impl From<ReportLine> for ReportDevice {
    fn from(line: ReportLine) -> Self {
        Self {
            id: line.device.id.to_string(),
            name: line.name().to_owned(),
            kind: DeviceKind(line.device.kind),
            model: line.device.model,
            serial: line.device.serial,
            firmware: line.device.firmware,
            firmware_verdict: Verdict(line.verdict),
            added_at: line.device.created_at,
            shares: line.shares.into(),
            outages: line.outages.count,
            longest_outage_seconds: line.outages.longest,
        }
    }
}

impl From<Report> for SiteReport {
    fn from(report: Report) -> Self {
        let exceptions_left_out = report.exceptions_left_out();
        let name = |id| report.name(id).to_owned();
        let exceptions = report.exceptions.iter().map(|one| ReportException {
            device_id: one.device_id.to_string(),
            device_name: name(&one.device_id),
            kind: ExceptionKind(one.key.kind),
            part: one.key.part.clone(),
            opened_at: one.opened_at,
            closed_at: one.closed_at,
        });
        let disks = report.disks.iter().map(|one| ReportDisk {
            device_id: one.device_id.to_string(),
            device_name: name(&one.device_id),
            name: if one.disk.name.is_empty() { one.disk.id.clone() } else { one.disk.name.clone() },
            kind: one.disk.kind.clone(),
            state: DiskState(one.disk.state),
            capacity_mb: one.disk.capacity_mb,
            lowest_celsius: one.temperature.map(|(lowest, _)| lowest),
            highest_celsius: one.temperature.map(|(_, highest)| highest),
        });
        let (exceptions, disks) = (exceptions.collect(), disks.collect());
        let counts = report.exception_counts.iter().map(|one| ExceptionCount {
            kind: ExceptionKind(one.kind),
            severity: Severity(one.kind.severity()),
            count: one.count,
            seconds: one.seconds,
        });
        Self {
            exception_counts: counts.collect(),
            site_id: report.site.id.to_string(),
            site_name: report.site.name,
            site_address: report.site.address,
            time_zone: report.site.time_zone,
            company_name: report.company_name,
            from: report.from,
            to: report.to,
            made_at: report.made_at,
            counting: ReportCounting {
                own_network: WhileLost(report.counting.own_network),
                links: WhileLost(report.counting.links),
                maintenance: WhileMaintained(report.counting.maintenance),
            },
            by_utc_before: report.by_utc_before,
            own_network_lost_seconds: report.own_network_lost,
            total: report.total.into(),
            days: report.days.into_iter().map(|(date, shares)| ReportDay { date, shares: shares.into() }).collect(),
            devices: report.devices.into_iter().map(Into::into).collect(),
            devices_left_out: report.devices_left_out,
            exceptions,
            exceptions_left_out,
            disks,
        }
    }
}
