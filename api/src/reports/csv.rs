//! `GET /sites/{site_id}/report/csv`: a table of the report of a site for spreadsheets.

use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use siteward_domain::SiteId;
use siteward_domain::availability::Shares;

use super::making::Report;
use super::query::{ReportQuery, ReportTable};
use super::{ReportFile, making, percent};
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::documents::Csv;
use crate::error::{ApiError, ErrorBody, rfc3339};
use crate::platform::{Platform, off_thread};

/// More exceptions than any site has in a year.
const MOST_EXCEPTIONS: u32 = 100_000;

/// What stands behind the columns of every table: the span, and how downtime was counted.
const COUNTING: [&str; 6] = ["from", "to", "time_zone", "own_network_lost", "link_down", "maintenance"];
/// Time shared out.
const SHARES: [&str; 5] = ["availability_percent", "up_seconds", "down_seconds", "unknown_seconds", "excluded_seconds"];

/// Gives a table of the report of a site as CSV: RFC 4180, UTF-8 with a byte order mark, no formulas. The names of columns are the same in
/// every language; each row tells how downtime was counted.
#[utoipa::path(tag = "reports",
    params(("site_id" = String, Path, format = "uuid", description = "The site"), ReportQuery),
    responses(
        (status = 200, description = "The table", body = ReportFile, content_type = "text/csv"),
        (status = 400, description = "A span that is none, or longer than 366 days", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/sites/{site_id}/report/csv")]
pub(crate) async fn get_site_report_csv(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
    query: web::Query<ReportQuery>,
) -> Result<HttpResponse, ApiError> {
    let table = query.table();
    let most = if table == ReportTable::Exceptions { MOST_EXCEPTIONS } else { 0 };
    let report = making::make(&platform, on.company_id(), id.into_inner(), query.into_inner(), most).await?;
    let name = format!("{} {} {} {}.csv", report.site.name, table.as_str(), report.from, report.to);
    let written = off_thread(move || write(&report, table)).await?;
    Ok(crate::documents::file("text/csv; charset=utf-8", name, written.into_bytes()))
}

fn write(report: &Report, table: ReportTable) -> String {
    match table {
        ReportTable::Devices => devices(report),
        ReportTable::Days => days(report),
        ReportTable::Exceptions => exceptions(report),
        ReportTable::Disks => disks(report),
    }
}

fn devices(report: &Report) -> String {
    let own = ["device", "id", "kind", "model", "serial", "firmware", "firmware_verdict", "added_at"];
    let mut csv = Csv::new(own.into_iter().chain(SHARES).chain(["outages", "longest_outage_seconds"]).chain(COUNTING));
    for line in &report.devices {
        let device = &line.device;
        let own = [
            line.name().to_owned(),
            device.id.to_string(),
            device.kind.as_str().to_owned(),
            device.model.clone(),
            device.serial.clone().unwrap_or_default(),
            device.firmware.clone(),
            line.verdict.as_str().to_owned(),
            rfc3339(device.created_at),
        ];
        let outages = [line.outages.count.to_string(), line.outages.longest.to_string()];
        csv.row(own.into_iter().chain(shares(line.shares)).chain(outages).chain(counting(report)));
    }
    csv.finish()
}

fn days(report: &Report) -> String {
    let mut csv = Csv::new(["date"].into_iter().chain(SHARES).chain(COUNTING));
    for (date, of_day) in &report.days {
        csv.row([date.to_string()].into_iter().chain(shares(*of_day)).chain(counting(report)));
    }
    csv.finish()
}

fn exceptions(report: &Report) -> String {
    let own = ["device", "device_id", "kind", "severity", "part", "opened_at", "closed_at", "duration_seconds"];
    let mut csv = Csv::new(own.into_iter().chain(COUNTING));
    for one in &report.exceptions {
        let closed = |closed: DateTime<Utc>| (rfc3339(closed), (closed - one.opened_at).num_seconds().to_string());
        let (closed_at, duration) = one.closed_at.map(closed).unwrap_or_default();
        let own = [
            report.name(&one.device_id).to_owned(),
            one.device_id.to_string(),
            one.key.kind.as_str().to_owned(),
            one.key.kind.severity().as_str().to_owned(),
            one.key.part.clone(),
            rfc3339(one.opened_at),
            closed_at,
            duration,
        ];
        csv.row(own.into_iter().chain(counting(report)));
    }
    csv.finish()
}

fn disks(report: &Report) -> String {
    let own = ["device", "device_id", "disk", "kind", "state", "capacity_mb", "lowest_celsius", "highest_celsius"];
    let mut csv = Csv::new(own.into_iter().chain(COUNTING));
    for one in &report.disks {
        let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let own = [
            report.name(&one.device_id).to_owned(),
            one.device_id.to_string(),
            if one.disk.name.is_empty() { one.disk.id.clone() } else { one.disk.name.clone() },
            one.disk.kind.clone(),
            one.disk.state.as_str().to_owned(),
            one.disk.capacity_mb.map(|size| size.to_string()).unwrap_or_default(),
            number(one.temperature.map(|(lowest, _)| lowest)),
            number(one.temperature.map(|(_, highest)| highest)),
        ];
        csv.row(own.into_iter().chain(counting(report)));
    }
    csv.finish()
}

fn shares(shares: Shares) -> [String; 5] {
    [
        percent(shares).map(|percent| format!("{percent:.3}")).unwrap_or_default(),
        shares.up.to_string(),
        shares.down.to_string(),
        shares.unknown.to_string(),
        shares.excluded.to_string(),
    ]
}

fn counting(report: &Report) -> [String; 6] {
    let counting = report.counting;
    [
        report.from.to_string(),
        report.to.to_string(),
        report.site.time_zone.clone(),
        counting.own_network.as_str().to_owned(),
        counting.links.as_str().to_owned(),
        counting.maintenance.as_str().to_owned(),
    ]
}
