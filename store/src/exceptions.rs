//! Exceptions: what is or was wrong with devices (R-H4). The database holds that at most one of a kind and part is open.

mod beside;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::device_functions::Unwatched;
use siteward_domain::exception::{ExceptionKey, ExceptionKind, Severity};
use siteward_domain::incident::{CauseKind, IncidentKind};
use siteward_domain::{DeviceId, ExceptionId, IncidentId, SiteId};

use crate::columns::{micros, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::devices;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::{Listed, Reach};
use crate::select::Select;

pub use beside::open_beside;

/// The list of exceptions, for those who have a few sites only.
const LISTED: Listed =
    Listed { from: "exceptions e", key: "e.id", company: "e.company_id", site: "e.site_id", order: "e.id DESC" };

/// Which exceptions to list; what is `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct ExceptionFilter {
    /// Of devices of this site.
    pub site_id: Option<SiteId>,
    /// Of this device.
    pub device_id: Option<DeviceId>,
    /// Of this channel of a device.
    pub channel: Option<u16>,
    /// Of this kind.
    pub kind: Option<ExceptionKind>,
    /// So severe.
    pub severity: Option<Severity>,
    /// That follow from this device or link, or are its own.
    pub cause_id: Option<String>,
    /// That lasted at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// That began before this time.
    pub to: Option<DateTime<Utc>>,
    /// Only open ones, or only closed ones.
    pub open: Option<bool>,
}

/// An exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its id.
    pub id: ExceptionId,
    /// The site of the device.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// The device.
    pub device_id: DeviceId,
    /// The device's name.
    pub device_name: String,
    /// What is wrong with which part.
    pub key: ExceptionKey,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// When it closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it closed although nothing got better: nobody watches the device any more.
    pub closed_because: Option<Unwatched>,
    /// What it follows from; none: that is not known yet.
    pub cause: Option<ExceptionCause>,
}

/// What an exception follows from: its incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionCause {
    /// The incident.
    pub incident_id: IncidentId,
    /// What kind of thing is the cause.
    pub cause: CauseKind,
    /// The id of the device or link, which may be gone.
    pub cause_id: String,
    /// Its name.
    pub name: String,
    /// What is or was wrong with it.
    pub kind: IncidentKind,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    closed_because: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    incident_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    cause: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    cause_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    cause_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    cause_kind: Option<String>,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
}

/// A page of the exceptions within reach, newest first.
pub fn list(
    conn: &mut DbConn,
    reach: &Reach,
    filter: &ExceptionFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Exception>, StoreError> {
    let filters = filters(reach, filter, cursor)?;
    // Of one site or device, or open: that is a short list.
    let is_short = filter.site_id.is_some() || filter.device_id.is_some() || filter.open == Some(true);
    let filters = if is_short { reach.rows(&LISTED, filters) } else { reach.page(conn, &LISTED, filters, limit)? };
    let query = Select::new(
        "SELECT e.id, e.site_id, s.name AS site_name, e.device_id, d.name AS device_name, e.kind, e.part, e.opened_at,
         e.closed_at, e.closed_because, i.id AS incident_id, i.cause, i.cause_id, i.name AS cause_name, i.kind AS cause_kind
         FROM exceptions e LEFT JOIN devices d ON d.id = e.device_id LEFT JOIN sites s ON s.id = e.site_id
         LEFT JOIN incidents i ON i.id = e.incident_id WHERE ",
    );
    let query = query.then(filters).sql(" ORDER BY e.id DESC LIMIT ").number(page::rows_to_read(limit));
    let (rows, next_cursor) = page::cut(query.load::<Row>(conn)?, limit, |row| vec![row.id.clone()]);
    let items = rows.into_iter().map(exception).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

/// What a filter and a cursor ask of `e`, each beginning with AND.
fn filters(reach: &Reach, filter: &ExceptionFilter, cursor: Option<&str>) -> Result<Select, StoreError> {
    let mut query = Select::new("");
    if let Some(site) = &filter.site_id {
        query = query.sql(" AND e.site_id = ").text(site.as_str());
    }
    if let Some(device) = &filter.device_id {
        query = query.sql(" AND e.device_id = ").text(device.as_str());
    }
    if let Some(kind) = filter.kind {
        query = query.sql(" AND e.kind = ").text(kind.as_str());
    }
    if let Some(channel) = filter.channel {
        let of_channels = ExceptionKind::ALL.iter().filter(|kind| kind.is_of_channel());
        query = query.sql(" AND e.part = ").text(channel.to_string());
        query = query.sql(" AND e.kind IN ").texts(of_channels.map(|kind| kind.as_str()));
    }
    if let Some(severity) = filter.severity {
        let kinds = ExceptionKind::ALL.iter().filter(|kind| kind.severity() == severity);
        query = query.sql(" AND e.kind IN ").texts(kinds.map(|kind| kind.as_str()));
    }
    if let Some(cause) = &filter.cause_id {
        query = query.sql(" AND e.incident_id IN (SELECT c.id FROM incidents c WHERE c.company_id = ");
        query = query.text(reach.company_id().as_str()).sql(" AND c.cause_id = ").text(cause.as_str()).sql(")");
    }
    if let Some(from) = filter.from {
        query = query.sql(" AND (e.closed_at IS NULL OR e.closed_at > ").number(micros(from)).sql(")");
    }
    if let Some(to) = filter.to {
        query = query.sql(" AND e.opened_at < ").number(micros(to));
    }
    match filter.open {
        Some(true) => query = query.sql(" AND e.closed_at IS NULL"),
        Some(false) => query = query.sql(" AND e.closed_at IS NOT NULL"),
        None => {}
    }
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        query = query.sql(" AND e.id < ").text(id);
    }
    Ok(query)
}

/// What is open on some devices, in one query. A device with nothing open is not in the map.
pub fn open_of_devices(
    conn: &mut DbConn,
    devices: &[&DeviceId],
) -> Result<HashMap<DeviceId, Vec<ExceptionKey>>, StoreError> {
    let rows: Vec<KeyRow> =
        Select::new("SELECT device_id, kind, part FROM exceptions WHERE closed_at IS NULL AND device_id IN ")
            .texts(devices.iter().map(|id| id.as_str()))
            .sql(" ORDER BY device_id, kind, part")
            .load(conn)?;
    let mut found: HashMap<DeviceId, Vec<ExceptionKey>> = HashMap::new();
    for row in rows {
        let key = key(&row.kind, row.part)?;
        found.entry(read(row.device_id, "exceptions.device_id")?).or_default().push(key);
    }
    Ok(found)
}

pub(crate) fn key(kind: &str, part: String) -> Result<ExceptionKey, StoreError> {
    Ok(ExceptionKey { kind: word(ExceptionKind::from_stored(kind), "exceptions.kind")?, part })
}

fn exception(row: Row) -> Result<Exception, StoreError> {
    let cause = match (row.incident_id, row.cause, row.cause_id, row.cause_name, row.cause_kind) {
        (Some(id), Some(cause), Some(cause_id), Some(name), Some(kind)) => Some(ExceptionCause {
            incident_id: read(id, "incidents.id")?,
            cause: word(CauseKind::from_stored(&cause), "incidents.cause")?,
            cause_id,
            name,
            kind: word(IncidentKind::from_stored(&kind), "incidents.kind")?,
        }),
        _ => None,
    };
    Ok(Exception {
        cause,
        id: read(row.id, "exceptions.id")?,
        site_id: read(row.site_id, "exceptions.site_id")?,
        site_name: row.site_name,
        device_id: read(row.device_id, "exceptions.device_id")?,
        device_name: row.device_name,
        key: key(&row.kind, row.part)?,
        opened_at: time(row.opened_at)?,
        closed_at: time_or_none(row.closed_at)?,
        closed_because: devices::unwatched(row.closed_because)?,
    })
}
