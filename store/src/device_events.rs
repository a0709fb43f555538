//! Device events: what devices told by themselves, from beginning to end, each once however often it was told.
//!
//! Numbers rise in the order in which events become visible, on PostgreSQL too, so a reader that goes on after the last number it
//! saw misses none. An event that ends keeps its number.

mod appending;
mod sources;
mod streaming;
mod taking;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::device_event::{DeviceEvent, DeviceEventKind};
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::{Listed, Reach};
use crate::select::Select;

pub use appending::{Heard, append, end_silent};
pub use sources::{
    Listening, Source, StreamChange, add_dropped, find_listening, find_source, forget_token, note_pushed, set_streams,
    set_token,
};
pub use streaming::{WantedStream, forget_streams_but, wanted_streams};
pub use taking::{is_untidy, take, take_wanted_looks, tell_late, wants_looks};

/// The list of device events, for those who have a few sites only.
const LISTED: Listed =
    Listed { from: "device_events e", key: "e.seq", company: "e.company_id", site: "e.site_id", order: "e.seq DESC" };
/// Most events given to a reader at once.
const MOST_EVENTS: u32 = 1000;
/// Most events of a span that are given at once.
const MOST_OF_SPAN: u32 = 10_000;
const COLUMNS: &str = "e.seq, e.company_id, e.site_id, e.device_id, e.kind, e.channel, e.word, e.at, e.ended_at";

/// Which events; what is `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct DeviceEventFilter {
    /// Of devices of this site.
    pub site_id: Option<SiteId>,
    /// Of this device.
    pub device_id: Option<DeviceId>,
    /// Of this kind.
    pub kind: Option<DeviceEventKind>,
    /// Of this channel, zone or door.
    pub channel: Option<u32>,
}

/// An event of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedDeviceEvent {
    /// The event.
    pub event: DeviceEvent,
    /// The device's name.
    pub device_name: String,
    /// The site's name.
    pub site_name: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Integer>)]
    channel: Option<i32>,
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
}

#[derive(QueryableByName)]
struct Names {
    #[diesel(embed)]
    event: Row,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    site_name: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The events after number `seq`, of all companies, oldest first, at most `limit` and 1,000.
pub fn after(conn: &mut DbConn, seq: i64, limit: u32) -> Result<Vec<DeviceEvent>, StoreError> {
    let query = Select::new("SELECT ").sql(COLUMNS).sql(" FROM device_events e WHERE e.seq > ").number(seq);
    let rows: Vec<Row> =
        query.sql(" ORDER BY e.seq LIMIT ").number(i64::from(limit.clamp(1, MOST_EVENTS))).load(conn)?;
    rows.into_iter().map(event).collect()
}

/// The number of the last event, 0 when there is none: where a new reader begins.
pub fn last_seq(conn: &mut DbConn) -> Result<i64, StoreError> {
    let rows: Vec<Number> = Select::new("SELECT coalesce(max(seq), 0) AS number FROM device_events").load(conn)?;
    Ok(rows.first().map_or(0, |row| row.number))
}

/// A page of the events within reach, newest first.
pub fn list(
    conn: &mut DbConn,
    reach: &Reach,
    filter: &DeviceEventFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ListedDeviceEvent>, StoreError> {
    let mut filters = narrowed(filter);
    if let Some(cursor) = cursor {
        let [seq] = page::decode(cursor)?;
        let seq: i64 = seq.parse().map_err(|_| StoreError::BadCursor)?;
        filters = filters.sql(" AND e.seq < ").number(seq);
    }
    let is_short = filter.site_id.is_some() || filter.device_id.is_some();
    let filters = if is_short { reach.rows(&LISTED, filters) } else { reach.page(conn, &LISTED, filters, limit)? };
    let query = Select::new("SELECT ").sql(COLUMNS).sql(
        ", d.name AS device_name, s.name AS site_name FROM device_events e JOIN devices d ON d.id = e.device_id
         JOIN sites s ON s.id = e.site_id WHERE ",
    );
    let query = query.then(filters).sql(" ORDER BY e.seq DESC LIMIT ").number(page::rows_to_read(limit));
    let (rows, next_cursor) = page::cut(query.load::<Names>(conn)?, limit, |names| vec![names.event.seq.to_string()]);
    Ok(Page { items: rows.into_iter().map(listed).collect::<Result<_, _>>()?, next_cursor })
}

/// How many events of a company began from `from` to before `until`.
pub fn count_between(
    conn: &mut DbConn,
    company: &CompanyId,
    filter: &DeviceEventFilter,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let query = Select::new("SELECT count(*) AS number FROM device_events e WHERE ");
    let rows: Vec<Number> = query.then(span(company, filter, from, until)).load(conn)?;
    rows.first().map_or(Ok(0), |row| number(row.number, "count"))
}

/// The events of a company that began from `from` to before `until`, oldest first, at most 10,000.
pub fn between(
    conn: &mut DbConn,
    company: &CompanyId,
    filter: &DeviceEventFilter,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<DeviceEvent>, StoreError> {
    let query = Select::new("SELECT ").sql(COLUMNS).sql(" FROM device_events e WHERE ");
    let query = query.then(span(company, filter, from, until)).sql(" ORDER BY e.seq LIMIT ");
    let rows: Vec<Row> = query.number(i64::from(MOST_OF_SPAN)).load(conn)?;
    rows.into_iter().map(event).collect()
}

/// Takes the events of a device to the site that it moves to.
pub(crate) fn follow_move(conn: &mut DbConn, device: &DeviceId, to_site: &SiteId) -> Result<(), StoreError> {
    let query = Select::new("UPDATE device_events SET site_id = ").text(to_site.as_str());
    query.sql(" WHERE device_id = ").text(device.as_str()).execute(conn)?;
    Ok(())
}

fn span(company: &CompanyId, filter: &DeviceEventFilter, from: DateTime<Utc>, until: DateTime<Utc>) -> Select {
    let query = Select::new("e.company_id = ").text(company.as_str());
    let query = query.sql(" AND e.at >= ").number(micros(from)).sql(" AND e.at < ").number(micros(until));
    query.then(narrowed(filter))
}

/// What a filter asks of `e`, each beginning with AND.
fn narrowed(filter: &DeviceEventFilter) -> Select {
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
        query = query.sql(" AND e.channel = ").number(i64::from(channel));
    }
    query
}

fn listed(names: Names) -> Result<ListedDeviceEvent, StoreError> {
    Ok(ListedDeviceEvent { event: event(names.event)?, device_name: names.device_name, site_name: names.site_name })
}

fn event(row: Row) -> Result<DeviceEvent, StoreError> {
    Ok(DeviceEvent {
        seq: row.seq,
        company_id: read(row.company_id, "device_events.company_id")?,
        site_id: read(row.site_id, "device_events.site_id")?,
        device_id: read(row.device_id, "device_events.device_id")?,
        kind: word(DeviceEventKind::from_stored(&row.kind), "device_events.kind")?,
        channel: row.channel.map(|channel| number(channel, "device_events.channel")).transpose()?,
        word: row.word,
        at: time(row.at)?,
        ended_at: time_or_none(row.ended_at)?,
    })
}

#[cfg(test)]
mod tests;
