//! Maintenance windows (R-H4): while one lasts nobody is told of its site or device. They stay after their end, so that
//! a report can leave them out.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::maintenance::{Repeats, Window};
use siteward_domain::schedule::{Tz, zone_named};
use siteward_domain::{CompanyId, DeviceId, MaintenanceWindowId, SiteId, StaffId};

use crate::columns::{micros, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::{sites, tellings};

/// Most windows of a site that are not over.
pub const MOST_WINDOWS: usize = 100;
/// Most windows read at once.
const MOST_READ: i64 = 10_000;

/// A time in which a window was in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The device; none: the whole site.
    pub device: Option<DeviceId>,
    /// From then on.
    pub from: DateTime<Utc>,
    /// To before then.
    pub to: DateTime<Utc>,
}

/// A window to make.
#[derive(Debug, Clone)]
pub struct NewWindow {
    /// Its id.
    pub id: MaintenanceWindowId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The device; none: the whole site.
    pub device_id: Option<DeviceId>,
    /// When it is.
    pub window: Window,
    /// What it is for, may be empty.
    pub note: String,
    /// Who makes it.
    pub created_by: StaffId,
}

/// A window that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedWindow {
    /// Its id.
    pub id: MaintenanceWindowId,
    /// The device and its name; none: the whole site.
    pub device: Option<(DeviceId, String)>,
    /// When it is, the first time.
    pub window: Window,
    /// When it is now, or will be next.
    pub next: (DateTime<Utc>, DateTime<Utc>),
    /// What it is for, may be empty.
    pub note: String,
    /// The name of who made it, where they are still there.
    pub created_by: Option<String>,
}

/// What is kept quiet on a site at one time, each until when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quiet {
    site: Option<DateTime<Utc>>,
    devices: HashMap<DeviceId, DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_name: Option<String>,
    #[diesel(sql_type = BigInt)]
    starts_at: i64,
    #[diesel(sql_type = BigInt)]
    ends_at: i64,
    #[diesel(sql_type = Text)]
    repeats: String,
    #[diesel(sql_type = Text)]
    note: String,
    #[diesel(sql_type = Nullable<Text>)]
    created_by: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
}

/// Makes a window. [`StoreError::Stale`] where the site has as many as it may; [`StoreError::NotFound`] where site or
/// device is not there, or the device on another site.
pub fn create_window(conn: &mut DbConn, new: &NewWindow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let site = sites::get_site(conn, &new.company_id, &new.site_id)?;
    if let Some(device) = &new.device_id
        && crate::devices::get_device(conn, &new.company_id, device)?.site_id != site.id
    {
        return Err(StoreError::NotFound);
    }
    if list_windows(conn, &new.company_id, &new.site_id, now)?.len() >= MOST_WINDOWS {
        return Err(StoreError::Stale);
    }
    let query = Select::new(
        "INSERT INTO maintenance_windows (id, company_id, site_id, starts_at, ends_at, repeats, note, created_by,
         created_at, device_id) VALUES (",
    )
    .text(new.id.as_str())
    .sql(", ")
    .text(new.company_id.as_str())
    .sql(", ")
    .text(new.site_id.as_str())
    .sql(", ")
    .number(micros(new.window.starts_at))
    .sql(", ")
    .number(micros(new.window.ends_at))
    .sql(", ")
    .text(new.window.repeats.as_str())
    .sql(", ")
    .text(new.note.as_str())
    .sql(", ")
    .text(new.created_by.as_str())
    .sql(", ")
    .number(micros(now));
    let query = match &new.device_id {
        Some(device) => query.sql(", ").text(device.as_str()),
        None => query.sql(", NULL"),
    };
    query.sql(")").execute(conn)?;
    tellings::touch_site(conn, &new.site_id, now)
}

/// The windows of a site that are not over, those that begin first at the top.
pub fn list_windows(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<Vec<PlannedWindow>, StoreError> {
    let zone = zone(conn, company, site)?;
    let mut found = Vec::new();
    for row in rows(conn, company, site, now, None)? {
        let (window, id) = (window(&row)?, read(row.id, "maintenance_windows.id")?);
        let Some(next) = window.current_or_next(zone, now) else { continue };
        let device: Option<DeviceId> = read_or_none(row.device_id, "maintenance_windows.device_id")?;
        let device = device.map(|id| (id, row.device_name.unwrap_or_default()));
        found.push(PlannedWindow { id, device, window, next, note: row.note, created_by: row.created_by });
    }
    found.sort_by(|a, b| (a.next, &a.id).cmp(&(b.next, &b.id)));
    Ok(found)
}

/// Ends a window for good; what of it came before stays. [`StoreError::NotFound`] where it is over already.
pub fn end_window(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &MaintenanceWindowId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ended = Select::new("UPDATE maintenance_windows SET ended_at = ")
        .number(micros(now))
        .sql(" WHERE ended_at IS NULL AND company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if ended == 0 {
        return Err(StoreError::NotFound);
    }
    tellings::touch_site(conn, site, now)
}

/// When maintenance was on a site or its devices between two times, each window by itself, oldest first.
pub fn spans(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Span>, StoreError> {
    let zone = zone(conn, company, site)?;
    let mut found = Vec::new();
    for row in rows(conn, company, site, from, Some(to))? {
        let device: Option<DeviceId> = read_or_none(row.device_id.clone(), "maintenance_windows.device_id")?;
        let spans = window(&row)?.spans(zone, from, to).into_iter();
        found.extend(spans.map(|(from, to)| Span { device: device.clone(), from, to }));
    }
    found.sort_by(|a, b| (a.from, a.to, &a.device).cmp(&(b.from, b.to, &b.device)));
    Ok(found)
}

/// What is kept quiet on a site at `now`.
pub fn quiet(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Quiet, StoreError> {
    let mut quiet = Quiet::default();
    for row in rows(conn, company, site, now, None)? {
        let Some(until) = window(&row)?.lasts_until(zone, now) else { continue };
        match read_or_none::<DeviceId>(row.device_id, "maintenance_windows.device_id")? {
            Some(device) => {
                let last = quiet.devices.entry(device).or_insert(until);
                *last = (*last).max(until);
            }
            None => quiet.site = quiet.site.max(Some(until)),
        }
    }
    Ok(quiet)
}

impl Quiet {
    /// Until when a device is kept quiet; none: a link, which only its site can keep quiet.
    pub fn until(&self, device: Option<&DeviceId>) -> Option<DateTime<Utc>> {
        self.site.max(device.and_then(|device| self.devices.get(device).copied()))
    }
}

/// A device that moves takes its windows and rules with it.
pub(crate) fn follow_move(conn: &mut DbConn, device: &DeviceId, site: &SiteId) -> Result<(), StoreError> {
    for table in ["maintenance_windows", "exception_rules"] {
        Select::new("UPDATE ")
            .sql(table)
            .sql(" SET site_id = ")
            .text(site.as_str())
            .sql(" WHERE device_id = ")
            .text(device.as_str())
            .execute(conn)?;
    }
    Ok(())
}

fn zone(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Tz, StoreError> {
    Ok(zone_named(&sites::get_site(conn, company, site)?.time_zone))
}

/// The windows of a site that may be in force at `from` or later, and before `to`.
fn rows(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<Vec<Row>, StoreError> {
    let query = Select::new(
        "SELECT m.id, m.device_id, d.name AS device_name, m.starts_at, m.ends_at, m.repeats, m.note,
         s.name AS created_by, m.ended_at FROM maintenance_windows m LEFT JOIN devices d ON d.id = m.device_id
         LEFT JOIN staff s ON s.id = m.created_by WHERE m.company_id = ",
    )
    .text(company.as_str())
    .sql(" AND m.site_id = ")
    .text(site.as_str())
    .sql(" AND (m.ended_at IS NULL OR m.ended_at > ")
    .number(micros(from))
    .sql(") AND (m.repeats = 'weekly' OR m.ends_at > ")
    .number(micros(from))
    .sql(")");
    let query = match to {
        Some(to) => query.sql(" AND m.starts_at < ").number(micros(to)),
        None => query,
    };
    query.sql(" ORDER BY m.id LIMIT ").number(MOST_READ).load(conn)
}

fn window(row: &Row) -> Result<Window, StoreError> {
    Ok(Window {
        starts_at: time(row.starts_at)?,
        ends_at: time(row.ends_at)?,
        repeats: word(Repeats::from_stored(&row.repeats), "maintenance_windows.repeats")?,
        ended_at: time_or_none(row.ended_at)?,
    })
}

#[cfg(test)]
mod tests;
