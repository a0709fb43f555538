//! Events: the one append-only log of what happened, read by the live console and later by mail and webhooks, each
//! with its own position.
//!
//! Numbers rise in the order in which events become visible, on PostgreSQL too (see `changes`), so a reader that
//! goes on after the last number it saw misses nothing. Append after the rows that an event tells of.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::changes::{EVENTS_LOCK, one_appender};
use crate::columns::{micros, read, read_or_none, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most events given at once.
const MOST_EVENTS: u32 = 1000;

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The company.
    pub company_id: CompanyId,
    /// The site, where it is about one.
    pub site_id: Option<SiteId>,
    /// The device, where it is about one.
    pub device_id: Option<DeviceId>,
    /// What happened.
    pub kind: EventKind,
    /// Who or what made it happen: a staff id, `poller`, `import`, `system`.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
    /// More about it, see [`EventKind`]. Never a secret.
    pub data: serde_json::Value,
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its number in the log; rises, with gaps.
    pub seq: i64,
    /// The company.
    pub company_id: CompanyId,
    /// The site, where it is about one.
    pub site_id: Option<SiteId>,
    /// The device, where it is about one.
    pub device_id: Option<DeviceId>,
    /// What happened.
    pub kind: EventKind,
    /// Who or what made it happen.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
    /// More about it.
    pub data: serde_json::Value,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    site_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Text)]
    data: String,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    last: i64,
}

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Appends an event.
pub fn append(conn: &mut DbConn, event: &NewEvent) -> Result<(), StoreError> {
    append_all(conn, std::slice::from_ref(event))
}

/// Appends events in one statement, in their order.
pub fn append_all(conn: &mut DbConn, events: &[NewEvent]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    one_appender(conn, EVENTS_LOCK)?;
    let rows: Vec<_> = events
        .iter()
        .map(|event| {
            json!([
                event.company_id,
                event.site_id,
                event.device_id,
                event.kind.as_str(),
                event.actor,
                micros(event.at),
                event.data.to_string(),
            ])
        })
        .collect();
    let sql = match conn {
        DbConn::Sqlite(_) => {
            "INSERT INTO events (company_id, site_id, device_id, kind, actor, at, data)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
             FROM json_each($1) ORDER BY key"
        }
        DbConn::Postgresql(_) => {
            "INSERT INTO events (company_id, site_id, device_id, kind, actor, at, data)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, (value ->> 5)::bigint, value ->> 6
             FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS list (value, key) ORDER BY key"
        }
    };
    sql_query(sql).bind::<Text, _>(serde_json::Value::from(rows).to_string()).execute(conn)?;
    Ok(())
}

/// The events after number `seq`, of one company or (`None`) of all, oldest first, at most `limit` and 1,000.
pub fn after(conn: &mut DbConn, company: Option<&CompanyId>, seq: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
    let mut query =
        Select::new("SELECT seq, company_id, site_id, device_id, kind, actor, at, data FROM events WHERE seq > ")
            .number(seq);
    if let Some(company) = company {
        query = query.sql(" AND company_id = ").text(company.as_str());
    }
    let rows: Vec<Row> = query.sql(" ORDER BY seq LIMIT ").number(i64::from(limit.clamp(1, MOST_EVENTS))).load(conn)?;
    rows.into_iter().map(event).collect()
}

/// One event by its number.
pub fn find(conn: &mut DbConn, seq: i64) -> Result<Option<Event>, StoreError> {
    Ok(of_numbers(conn, &[seq])?.pop())
}

/// Events by their numbers, oldest first; those that are not there are left out.
pub fn of_numbers(conn: &mut DbConn, seqs: &[i64]) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> =
        Select::new("SELECT seq, company_id, site_id, device_id, kind, actor, at, data FROM events WHERE seq IN ")
            .numbers(seqs.iter().copied())
            .sql(" ORDER BY seq LIMIT ")
            .number(i64::from(MOST_EVENTS))
            .load(conn)?;
    rows.into_iter().map(event).collect()
}

/// The number of the last event, 0 when there is none: where a new reader begins.
pub fn last_seq(conn: &mut DbConn) -> Result<i64, StoreError> {
    Ok(sql_query("SELECT coalesce(max(seq), 0) AS last FROM events").get_result::<Last>(conn)?.last)
}

/// The events of some kinds after number `seq`, of all companies, oldest first, at most `limit` and 1,000.
pub fn after_of_kinds(conn: &mut DbConn, kinds: &[EventKind], seq: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> =
        Select::new("SELECT seq, company_id, site_id, device_id, kind, actor, at, data FROM events WHERE seq > ")
            .number(seq)
            .sql(" AND kind IN ")
            .texts(kinds.iter().map(|kind| kind.as_str()))
            .sql(" ORDER BY seq LIMIT ")
            .number(i64::from(limit.clamp(1, MOST_EVENTS)))
            .load(conn)?;
    rows.into_iter().map(event).collect()
}

/// How far a named reader has come. In a write transaction nobody else moves it until the commit.
pub fn reader_position(conn: &mut DbConn, name: &str) -> Result<i64, StoreError> {
    let rows: Vec<Position> =
        Select::new("UPDATE event_readers SET seq = seq WHERE name = ").text(name).sql(" RETURNING seq").load(conn)?;
    rows.first().map(|row| row.seq).ok_or(StoreError::NotFound)
}

/// As [`reader_position`], only to look at.
pub fn look_at_reader(conn: &mut DbConn, name: &str) -> Result<i64, StoreError> {
    let rows: Vec<Position> = Select::new("SELECT seq FROM event_readers WHERE name = ").text(name).load(conn)?;
    rows.first().map(|row| row.seq).ok_or(StoreError::NotFound)
}

/// Moves a named reader on, in the transaction that does what its events ask for.
pub fn move_reader(conn: &mut DbConn, name: &str, seq: i64) -> Result<(), StoreError> {
    Select::new("UPDATE event_readers SET seq = ").number(seq).sql(" WHERE name = ").text(name).execute(conn)?;
    Ok(())
}

fn event(row: Row) -> Result<Event, StoreError> {
    Ok(Event {
        seq: row.seq,
        company_id: read(row.company_id, "events.company_id")?,
        site_id: read_or_none(row.site_id, "events.site_id")?,
        device_id: read_or_none(row.device_id, "events.device_id")?,
        kind: word(EventKind::from_stored(&row.kind), "events.kind")?,
        actor: row.actor,
        at: time(row.at)?,
        data: serde_json::from_str(&row.data).map_err(|_| StoreError::Unreadable { column: "events.data" })?,
    })
}
