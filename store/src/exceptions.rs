//! Exceptions: what is or was wrong with devices (R-H4). The database holds that at most one of a kind and part is open.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::{DeviceId, ExceptionId, SiteId};

use crate::columns::{read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::{Listed, Reach};
use crate::select::Select;

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
    /// Of this kind.
    pub kind: Option<ExceptionKind>,
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
    let filters = filters(filter, cursor)?;
    // Of one site or device, or open: that is a short list.
    let is_short = filter.site_id.is_some() || filter.device_id.is_some() || filter.open == Some(true);
    let filters = if is_short { reach.rows(&LISTED, filters) } else { reach.page(conn, &LISTED, filters, limit)? };
    let query = Select::new(
        "SELECT e.id, e.site_id, s.name AS site_name, e.device_id, d.name AS device_name, e.kind, e.part, e.opened_at,
         e.closed_at FROM exceptions e LEFT JOIN devices d ON d.id = e.device_id LEFT JOIN sites s ON s.id = e.site_id
         WHERE ",
    );
    let query = query.then(filters).sql(" ORDER BY e.id DESC LIMIT ").number(page::rows_to_read(limit));
    let (rows, next_cursor) = page::cut(query.load::<Row>(conn)?, limit, |row| vec![row.id.clone()]);
    let items = rows.into_iter().map(exception).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

/// What a filter and a cursor ask of `e`, each beginning with AND.
fn filters(filter: &ExceptionFilter, cursor: Option<&str>) -> Result<Select, StoreError> {
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
    Ok(Exception {
        id: read(row.id, "exceptions.id")?,
        site_id: read(row.site_id, "exceptions.site_id")?,
        site_name: row.site_name,
        device_id: read(row.device_id, "exceptions.device_id")?,
        device_name: row.device_name,
        key: key(&row.kind, row.part)?,
        opened_at: time(row.opened_at)?,
        closed_at: time_or_none(row.closed_at)?,
    })
}
