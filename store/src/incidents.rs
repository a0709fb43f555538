//! Incidents: one root cause each, with everything that follows from it (R-H5).
//!
//! [`sort`] puts exceptions that have waited long enough into the incident of their cause, opens incidents and closes
//! them, all in one transaction, so that it does not matter which worker does it, or which died.

mod closing;
mod of_links;
mod opening;
mod premises;
mod sorting;
mod summary;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::Unwatched;
use siteward_domain::exception::ExceptionKey;
use siteward_domain::incident::{CauseKind, IncidentKind};
use siteward_domain::{CompanyId, DeviceId, ExceptionId, IncidentId, SiteId};

use crate::columns::{number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::devices;
use crate::error::StoreError;
use crate::exceptions;
use crate::page::{self, Page};
use crate::reach::{Listed, Reach};
use crate::select::Select;

pub use premises::{Parent, find_parent, set_parent, would_be_circle};
pub use sorting::{is_due, sort};
pub use summary::{Selection, count, newest};

/// Most members of an incident that are listed.
const MOST_MEMBERS: i64 = 500;

/// The list of incidents, for those who have a few sites only.
const LISTED: Listed =
    Listed { from: "incidents i", key: "i.id", company: "i.company_id", site: "i.site_id", order: "i.id DESC" };

const SELECT: &str = "SELECT i.id, i.company_id, i.site_id, s.name AS site_name, i.cause, i.cause_id, i.name, i.kind,
    i.opened_at, i.closed_at, i.closed_because, i.affected, i.cameras FROM incidents i LEFT JOIN sites s ON s.id = i.site_id WHERE ";

/// Something that went wrong, with everything that follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// What kind of thing is the cause.
    pub cause: CauseKind,
    /// The id of the device or link, which may be gone.
    pub cause_id: String,
    /// The name of the device or link, as it was when it opened.
    pub name: String,
    /// What is wrong with it.
    pub kind: IncidentKind,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Until when; `None`: it lasts.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it ended although nothing got better: nobody watches the cause any more.
    pub closed_because: Option<Unwatched>,
    /// Devices that were affected besides the cause.
    pub affected: u32,
    /// Those of them that are cameras.
    pub cameras: u32,
}

/// Which incidents to list; what is `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct IncidentFilter {
    /// On this site.
    pub site_id: Option<SiteId>,
    /// Of this kind.
    pub kind: Option<IncidentKind>,
    /// Only open ones, or only closed ones.
    pub open: Option<bool>,
}

/// An exception that belongs, or belonged, to an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The exception.
    pub exception_id: ExceptionId,
    /// The device.
    pub device_id: DeviceId,
    /// The device's name.
    pub device_name: String,
    /// What the device is.
    pub device_kind: DeviceKind,
    /// What is wrong with which part.
    pub key: ExceptionKey,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// When it closed.
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    cause: String,
    #[diesel(sql_type = Text)]
    cause_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    closed_because: Option<String>,
    #[diesel(sql_type = Integer)]
    affected: i32,
    #[diesel(sql_type = Integer)]
    cameras: i32,
}

#[derive(QueryableByName)]
struct MemberRow {
    #[diesel(sql_type = Text)]
    exception_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    device_kind: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
}

/// A page of the incidents within reach, newest first.
pub fn list(
    conn: &mut DbConn,
    reach: &Reach,
    filter: &IncidentFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Incident>, StoreError> {
    let mut filters = Select::new("");
    if let Some(site) = &filter.site_id {
        filters = filters.sql(" AND i.site_id = ").text(site.as_str());
    }
    if let Some(kind) = filter.kind {
        filters = filters.sql(" AND i.kind = ").text(kind.as_str());
    }
    match filter.open {
        Some(true) => filters = filters.sql(" AND i.closed_at IS NULL"),
        Some(false) => filters = filters.sql(" AND i.closed_at IS NOT NULL"),
        None => {}
    }
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        filters = filters.sql(" AND i.id < ").text(id);
    }
    let is_short = filter.site_id.is_some() || filter.open == Some(true);
    let filters = if is_short { reach.rows(&LISTED, filters) } else { reach.page(conn, &LISTED, filters, limit)? };
    let query = Select::new(SELECT).then(filters).sql(" ORDER BY i.id DESC LIMIT ").number(page::rows_to_read(limit));
    let (rows, next_cursor) = page::cut(query.load::<Row>(conn)?, limit, |row| vec![row.id.clone()]);
    Ok(Page { items: rows.into_iter().map(incident).collect::<Result<_, _>>()?, next_cursor })
}

/// An incident within reach.
pub fn get(conn: &mut DbConn, reach: &Reach, id: &IncidentId) -> Result<Incident, StoreError> {
    let of_it = Select::new(" AND i.id = ").text(id.as_str());
    let query = Select::new(SELECT).then(reach.rows(&LISTED, of_it)).sql(" LIMIT 1");
    query.load::<Row>(conn)?.into_iter().next().map_or(Err(StoreError::NotFound), incident)
}

/// An incident of a company.
pub fn find(conn: &mut DbConn, company: &CompanyId, id: &IncidentId) -> Result<Incident, StoreError> {
    get(conn, &Reach::of_company(company), id)
}

/// The exceptions of an incident, in the order in which they opened, at most 500.
pub fn members(conn: &mut DbConn, id: &IncidentId) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<MemberRow> = Select::new(
        "SELECT e.id AS exception_id, d.id AS device_id, d.name AS device_name, d.kind AS device_kind, e.kind, e.part,
         e.opened_at, e.closed_at FROM incident_members m JOIN exceptions e ON e.id = m.exception_id
         JOIN devices d ON d.id = e.device_id WHERE m.incident_id = ",
    )
    .text(id.as_str())
    .sql(" ORDER BY e.opened_at, e.id LIMIT ")
    .number(MOST_MEMBERS)
    .load(conn)?;
    rows.into_iter().map(member).collect()
}

fn incident(row: Row) -> Result<Incident, StoreError> {
    Ok(Incident {
        id: read(row.id, "incidents.id")?,
        company_id: read(row.company_id, "incidents.company_id")?,
        site_id: read(row.site_id, "incidents.site_id")?,
        site_name: row.site_name,
        cause: word(CauseKind::from_stored(&row.cause), "incidents.cause")?,
        cause_id: row.cause_id,
        name: row.name,
        kind: word(IncidentKind::from_stored(&row.kind), "incidents.kind")?,
        opened_at: time(row.opened_at)?,
        closed_at: time_or_none(row.closed_at)?,
        closed_because: devices::unwatched(row.closed_because)?,
        affected: number(row.affected, "incidents.affected")?,
        cameras: number(row.cameras, "incidents.cameras")?,
    })
}

fn member(row: MemberRow) -> Result<Member, StoreError> {
    Ok(Member {
        exception_id: read(row.exception_id, "exceptions.id")?,
        device_id: read(row.device_id, "devices.id")?,
        device_name: row.device_name,
        device_kind: word(DeviceKind::from_stored(&row.device_kind), "devices.kind")?,
        key: exceptions::key(&row.kind, row.part)?,
        opened_at: time(row.opened_at)?,
        closed_at: time_or_none(row.closed_at)?,
    })
}

#[cfg(test)]
mod tests;
