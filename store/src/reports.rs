//! What the report of a site is made of, each kind in one query for all devices of the site: a report over 500 devices asks
//! no more often than one over five.

mod absences;
mod disks;
mod exceptions;
mod uptime;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::{CompanyId, DeviceId, LinkId, SiteId};

use crate::columns::{read, read_or_none, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

pub use absences::{SiteAbsences, absences};
pub use disks::{DiskTemperatures, SiteDisk, TemperatureDay, disk_temperatures, disks_of_site};
pub use exceptions::{KindCount, ReportedException, exception_counts, exceptions_within, outages_within};
pub use uptime::uptime_of_site;

/// Most devices that a report tells of, by name; `devices_of_site` tells of one more where there are more.
pub const MOST_DEVICES: usize = 5000;

/// A device as a report needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedDevice {
    /// Its id.
    pub id: DeviceId,
    /// Its name; may be empty.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its model as it writes it.
    pub model: String,
    /// Its firmware as it writes it.
    pub firmware: String,
    /// Its short serial number.
    pub serial: Option<String>,
    /// Its host.
    pub host: String,
    /// The link that it is reached through.
    pub link_id: Option<LinkId>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Nullable<Text>)]
    link_id: Option<String>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

/// The devices of a site by name, those that are on it now.
pub fn devices_of_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
) -> Result<Vec<ReportedDevice>, StoreError> {
    let limit = i64::try_from(MOST_DEVICES + 1).unwrap_or(i64::MAX);
    let rows: Vec<Row> = of_site(
        Select::new(
            "SELECT d.id, d.name, d.kind, d.model, d.firmware, d.serial, d.host, d.link_id, d.created_at FROM devices d WHERE ",
        ),
        company,
        site,
    )
    .sql(" ORDER BY d.name_lower, d.id LIMIT ")
    .number(limit)
    .load(conn)?;
    let device = |row: Row| {
        Ok(ReportedDevice {
            id: read(row.id, "devices.id")?,
            name: row.name,
            kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
            model: row.model,
            firmware: row.firmware,
            serial: row.serial,
            host: row.host,
            link_id: read_or_none(row.link_id, "devices.link_id")?,
            created_at: time(row.created_at)?,
        })
    };
    rows.into_iter().map(device).collect()
}

/// Narrows `d` to the devices of a site.
fn of_site(query: Select, company: &CompanyId, site: &SiteId) -> Select {
    query.sql("d.company_id = ").text(company.as_str()).sql(" AND d.site_id = ").text(site.as_str())
}

#[cfg(test)]
mod tests;
