//! Putting a report together: what the database tells, counted as the caller chose. A few queries, however many devices.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use siteward_domain::availability::{Counting, Shares};
use siteward_domain::firmware::{FirmwareKnowledge, Verdict};
use siteward_domain::report::{Outages, Plan, share_out};
use siteward_domain::{CompanyId, DeviceId, SiteId};
use siteward_store::reports::{self, KindCount, ReportedDevice, ReportedException, SiteDisk};
use siteward_store::{DbConn, StoreError, companies, sites, uptime_days};

use super::query::ReportQuery;
use crate::error::ApiError;
use crate::platform::Platform;

/// A report.
pub(super) struct Report {
    pub(super) company_name: String,
    pub(super) site: sites::Site,
    pub(super) zone: Tz,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) made_at: DateTime<Utc>,
    pub(super) counting: Counting,
    /// Days before this one are days of UTC, for their hours are forgotten; none where all hours are known.
    pub(super) by_utc_before: Option<NaiveDate>,
    /// Seconds of the span that the platform's own network was lost.
    pub(super) own_network_lost: i64,
    /// All devices together.
    pub(super) total: Shares,
    /// The same by day.
    pub(super) days: Vec<(NaiveDate, Shares)>,
    pub(super) devices: Vec<ReportLine>,
    /// Whether there are more devices than a report tells of.
    pub(super) devices_left_out: bool,
    pub(super) exception_counts: Vec<KindCount>,
    /// The newest of them.
    pub(super) exceptions: Vec<ReportedException>,
    pub(super) disks: Vec<SiteDisk>,
    names: HashMap<DeviceId, String>,
}

/// What a report tells of a device.
pub(super) struct ReportLine {
    pub(super) device: ReportedDevice,
    pub(super) verdict: Verdict,
    pub(super) shares: Shares,
    pub(super) outages: Outages,
}

impl Report {
    /// How many exceptions are not listed.
    pub(super) fn exceptions_left_out(&self) -> u64 {
        let all: u64 = self.exception_counts.iter().map(|one| one.count).sum();
        all.saturating_sub(self.exceptions.len() as u64)
    }

    /// What a person calls a device; nothing, where it is not of this report.
    pub(super) fn name(&self, id: &DeviceId) -> &str {
        self.names.get(id).map_or("", String::as_str)
    }
}

impl ReportLine {
    /// What a person calls the device.
    pub(super) fn name(&self) -> &str {
        if self.device.name.is_empty() { &self.device.host } else { &self.device.name }
    }
}

/// Makes the report of a site, with at most so many exceptions.
pub(super) async fn make(
    platform: &web::Data<Platform>,
    company: CompanyId,
    site: SiteId,
    query: ReportQuery,
    most_exceptions: u32,
) -> Result<Report, ApiError> {
    let (now, firmware) = (platform.clock.now(), platform.yardstick().firmware);
    platform.read(move |conn| read(conn, &company, &site, &query, most_exceptions, now, &firmware)).await?
}

fn read(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    query: &ReportQuery,
    most_exceptions: u32,
    now: DateTime<Utc>,
    firmware: &Arc<FirmwareKnowledge>,
) -> Result<Result<Report, ApiError>, StoreError> {
    let site = sites::get_site(conn, company, site)?;
    let zone = siteward_domain::schedule::zone_named(&site.time_zone);
    let (from, to) = match query.dates(zone, now) {
        Ok(dates) => dates,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let company_name = companies::find_company(conn, company)?.ok_or(StoreError::NotFound)?.name;
    let (counting, hours_since) = (query.counting(), uptime_days::hours_since(conn)?);
    let plan = Plan::new(from, to, zone, hours_since, now);
    let within = plan.span();
    let time = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or(now);
    let span = (time(within.from), time(within.to));

    let absences = reports::absences(conn, company, &site.id, span, now)?;
    let measured = reports::uptime_of_site(conn, company, &site.id, &plan, &absences.touched())?;
    let outages = reports::outages_within(conn, company, &site.id, span)?;
    let mut devices = reports::devices_of_site(conn, company, &site.id)?;
    let devices_left_out = devices.len() > reports::MOST_DEVICES;
    devices.truncate(reports::MOST_DEVICES);

    let nothing = siteward_domain::report::Measured::default();
    let mut days: Vec<(NaiveDate, Shares)> = plan.days.iter().map(|day| (day.date, Shares::default())).collect();
    let mut total = Shares::default();
    let mut lines = Vec::with_capacity(devices.len());
    for device in devices {
        let known = measured.get(&device.id).unwrap_or(&nothing);
        let by_day = share_out(&plan, device.created_at.timestamp(), known, &absences.of_device(&device), counting);
        let mut shares = Shares::default();
        for ((_, of_day), one) in days.iter_mut().zip(by_day) {
            of_day.add(one);
            shares.add(one);
        }
        total.add(shares);
        let verdict = firmware.vulnerabilities.judge(&device.model, &device.firmware).verdict;
        let outages = outages.get(&device.id).copied().unwrap_or_default();
        lines.push(ReportLine { device, verdict, shares, outages });
    }
    let number = |date: NaiveDate| i64::from(date.num_days_from_ce()) - 719_163;
    Ok(Ok(Report {
        company_name,
        from,
        to,
        zone,
        made_at: now,
        counting,
        by_utc_before: (!plan.rolled.is_empty()).then(|| time(plan.rolled.end * 86_400).date_naive()),
        own_network_lost: absences.own_network().within(within),
        total,
        days,
        names: lines.iter().map(|line| (line.device.id.clone(), line.name().to_owned())).collect(),
        devices: lines,
        devices_left_out,
        exception_counts: reports::exception_counts(conn, company, &site.id, span)?,
        exceptions: reports::exceptions_within(conn, company, &site.id, span, most_exceptions)?,
        disks: reports::disks_of_site(conn, company, &site.id, (number(from), number(to)))?,
        site,
    }))
}
