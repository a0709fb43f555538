//! What links see: one row a link and serial, written only when something of it changes.
//!
//! A serial is who a device is, its address is only where. When a link of the company reports one of its devices
//! elsewhere, the device follows, pollers are told, and one event says so. A report never touches what belongs to
//! another company, whatever a link claims to see.

mod following;
mod reporting;
mod stored;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::add_state::Whose;
use siteward_domain::link::Sighting;
use siteward_domain::{CompanyId, DeviceId, LinkId, SerialNumber, SiteId};

use crate::columns::{micros, read, read_or_none, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use stored::Stored;

pub use reporting::{MOST_DEVICES, report_all, report_changes};

/// What the links of a site know of a serial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The link that sees it, or saw it last.
    pub link_id: LinkId,
    /// That link's name.
    pub link_name: String,
    /// What it reported.
    pub sighting: Sighting,
    /// Whether the link holds a session and sees it now.
    pub online: bool,
    /// When it was first seen.
    pub first_seen_at: DateTime<Utc>,
    /// When it was last known to be there.
    pub last_seen_at: DateTime<Utc>,
}

/// A device in the network of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDevice {
    /// What is known of it.
    pub seen: Seen,
    /// Whose it is, as seen from this site; `None`: nobody's here.
    pub whose: Option<Whose>,
    /// The company's device that it is.
    pub device_id: Option<DeviceId>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    link_id: String,
    #[diesel(sql_type = Text)]
    link_name: String,
    #[diesel(embed)]
    stored: Stored,
    #[diesel(sql_type = Bool)]
    link_online: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    link_seen_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    first_seen_at: i64,
    #[diesel(sql_type = BigInt)]
    last_seen_at: i64,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_site_id: Option<String>,
    #[diesel(sql_type = Bool)]
    bound: bool,
}

/// What the links of a site know of a serial; of several the one that sees it now, else that saw it last.
pub fn find_for_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    serial: &SerialNumber,
) -> Result<Option<Seen>, StoreError> {
    let rows: Vec<Row> = of_site(company, site).sql(" AND s.serial = ").text(serial.as_str()).load(conn)?;
    let seen = rows.into_iter().map(seen).collect::<Result<Vec<_>, _>>()?;
    Ok(seen.into_iter().reduce(better))
}

/// Every device in the network of a site, by serial, at most 5,000.
pub fn list_for_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<FoundDevice>, StoreError> {
    let rows: Vec<Row> = of_site(company, site).sql(" ORDER BY s.serial, s.link_id LIMIT 5000").load(conn)?;
    let mut found: BTreeMap<SerialNumber, FoundDevice> = BTreeMap::new();
    for row in rows {
        let whose = match &row.device_site_id {
            Some(there) if there == site.as_str() => Some(Whose::ThisSite),
            Some(_) => Some(Whose::OtherSite),
            None => row.bound.then_some(Whose::SomeoneElses),
        };
        let device_id = read_or_none(row.device_id.clone(), "devices.id")?;
        let seen = seen(row)?;
        let seen = match found.remove(&seen.sighting.serial) {
            Some(other) => better(other.seen, seen),
            None => seen,
        };
        found.insert(seen.sighting.serial.clone(), FoundDevice { seen, whose, device_id });
    }
    Ok(found.into_values().collect())
}

fn better(one: Seen, other: Seen) -> Seen {
    if (other.online, other.last_seen_at) > (one.online, one.last_seen_at) { other } else { one }
}

/// Who of the links that come from a public address knows a serial, whatever company they are of: each with that company,
/// best first, at most eight. A link that is away counts with what it saw last.
pub fn find_from(
    conn: &mut DbConn,
    address: &str,
    serial: &SerialNumber,
) -> Result<Vec<(CompanyId, Seen)>, StoreError> {
    let rows: Vec<NearRow> = Select::new(SELECT)
        .sql("l.revoked_at IS NULL AND l.session_from = ")
        .text(address)
        .sql(" AND s.serial = ")
        .text(serial.as_str())
        .sql(" ORDER BY l.online DESC, s.online DESC, s.link_id LIMIT 8")
        .load(conn)?;
    let read = |row: NearRow| Ok((read(row.company_id, "sightings.company_id")?, seen(row.row)?));
    let mut near = rows.into_iter().map(read).collect::<Result<Vec<(CompanyId, Seen)>, StoreError>>()?;
    near.sort_by_key(|(_, seen)| std::cmp::Reverse((seen.online, seen.last_seen_at)));
    Ok(near)
}

/// How many companies have links that come from a public address and see a serial, or saw it up to an instant not before
/// `since`. Which of their networks somebody with that address is in cannot be told.
pub fn count_claims(
    conn: &mut DbConn,
    address: &str,
    serial: &SerialNumber,
    since: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let rows: Vec<Claims> = Select::new(
        "SELECT count(DISTINCT s.company_id) AS count FROM sightings s JOIN links l ON l.id = s.link_id
         WHERE l.revoked_at IS NULL AND s.online AND l.session_from = ",
    )
    .text(address)
    .sql(" AND s.serial = ")
    .text(serial.as_str())
    .sql(" AND (l.online OR l.last_seen_at >= ")
    .number(micros(since))
    .sql(")")
    .load(conn)?;
    Ok(rows.first().map_or(0, |row| u32::try_from(row.count).unwrap_or(u32::MAX)))
}

#[derive(QueryableByName)]
struct Claims {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct NearRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(embed)]
    row: Row,
}

const SELECT: &str =
        "SELECT s.company_id, s.link_id, l.name AS link_name, s.serial, s.long_serial, s.mac, s.model, s.firmware, s.host, s.http_port,
         s.dhcp, s.activated, s.service_enabled, s.bind, s.unbind_supported, s.found_by, s.online, l.online AS link_online,
         l.last_seen_at AS link_seen_at, s.first_seen_at, s.last_seen_at, d.id AS device_id, d.site_id AS device_site_id,
         b.serial IS NOT NULL AS bound
         FROM sightings s JOIN links l ON l.id = s.link_id
         LEFT JOIN devices d ON d.company_id = s.company_id AND d.serial = s.serial
         LEFT JOIN bindings b ON b.serial = s.serial
         WHERE ";

fn of_site(company: &CompanyId, site: &SiteId) -> Select {
    Select::new(SELECT).sql("s.company_id = ").text(company.as_str()).sql(" AND s.site_id = ").text(site.as_str())
}

fn seen(row: Row) -> Result<Seen, StoreError> {
    // While it is seen its row is not written: it was there when its link was.
    let last_seen_at = match row.link_seen_at.filter(|_| row.stored.online) {
        Some(at) => at.max(row.last_seen_at),
        None => row.last_seen_at,
    };
    Ok(Seen {
        link_id: read(row.link_id, "sightings.link_id")?,
        link_name: row.link_name,
        online: row.stored.online && row.link_online,
        first_seen_at: time(row.first_seen_at)?,
        last_seen_at: time(last_seen_at)?,
        sighting: row.stored.into_sighting()?,
    })
}

#[cfg(test)]
mod tests;
