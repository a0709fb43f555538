//! How a device is heard: the state of its event stream, the token that it pushes with, and what came too fast.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::device_event::StreamState;
use siteward_domain::{CompanyId, DeviceId};

use crate::columns::{micros, number, read, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// How a device is heard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// How its event stream fares, and since when; `None`: nobody tried.
    pub stream: Option<(StreamState, DateTime<Utc>)>,
    /// Events that came too fast to be kept.
    pub dropped: u64,
    /// When that last happened.
    pub dropped_at: Option<DateTime<Utc>>,
    /// When the token was made that it pushes with; `None`: it may not push.
    pub token_made_at: Option<DateTime<Utc>>,
    /// When it last pushed with that token.
    pub pushed_at: Option<DateTime<Utc>>,
}

/// The device that a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// The device.
    pub device_id: DeviceId,
    /// Its company.
    pub company_id: CompanyId,
    /// When it last pushed with this token.
    pub pushed_at: Option<DateTime<Utc>>,
}

/// A stream that fares otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamChange {
    /// The device.
    pub device_id: DeviceId,
    /// How it fares; `None`: nobody keeps it open any more.
    pub state: Option<StreamState>,
    /// Since when.
    pub at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct SourceRow {
    #[diesel(sql_type = Nullable<Text>)]
    stream: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    stream_since: Option<i64>,
    #[diesel(sql_type = BigInt)]
    dropped: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    dropped_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    token_made_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pushed_at: Option<i64>,
}

#[derive(QueryableByName)]
struct ListeningRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pushed_at: Option<i64>,
}

/// How a device is heard.
pub fn find_source(conn: &mut DbConn, device: &DeviceId) -> Result<Source, StoreError> {
    let rows: Vec<SourceRow> = Select::new(
        "SELECT stream, stream_since, dropped, dropped_at, token_made_at, pushed_at FROM device_event_sources
         WHERE device_id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(Source::default()) };
    let state = match row.stream {
        Some(state) => Some(word(StreamState::from_stored(&state), "device_event_sources.stream")?),
        None => None,
    };
    Ok(Source {
        stream: state.zip(time_or_none(row.stream_since)?),
        dropped: number(row.dropped, "device_event_sources.dropped")?,
        dropped_at: time_or_none(row.dropped_at)?,
        token_made_at: time_or_none(row.token_made_at)?,
        pushed_at: time_or_none(row.pushed_at)?,
    })
}

/// Writes how streams fare now; that nobody keeps one open says nothing against what its device answered. Of devices that are
/// gone nothing is kept.
pub fn set_streams(conn: &mut DbConn, changes: &[StreamChange]) -> Result<(), StoreError> {
    for change in changes {
        let Some(state) = change.state else {
            Select::new(
                "UPDATE device_event_sources SET stream = NULL, stream_since = NULL
                 WHERE stream IN ('open', 'connecting') AND device_id = ",
            )
            .text(change.device_id.as_str())
            .execute(conn)?;
            continue;
        };
        upsert(conn, &change.device_id, "stream, stream_since", |values| {
            values.text(state.as_str()).sql(", ").number(micros(change.at))
        })?;
    }
    Ok(())
}

/// Counts events of a device that came too fast to be kept.
pub fn add_dropped(conn: &mut DbConn, device: &DeviceId, count: u64, now: DateTime<Utc>) -> Result<(), StoreError> {
    upsert(conn, device, "dropped_at", |values| values.number(micros(now)))?;
    Select::new("UPDATE device_event_sources SET dropped = dropped + ")
        .number(i64::try_from(count).unwrap_or(i64::MAX >> 8))
        .sql(" WHERE device_id = ")
        .text(device.as_str())
        .execute(conn)?;
    Ok(())
}

/// Gives a device a token to push with, known by its hash; an older one is worth nothing any more.
pub fn set_token(conn: &mut DbConn, device: &DeviceId, token_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let written = upsert(conn, device, "token_hash, token_made_at", |values| {
        values.text(token_hash).sql(", ").number(micros(now))
    })?;
    Select::new("UPDATE device_event_sources SET pushed_at = NULL WHERE device_id = ")
        .text(device.as_str())
        .execute(conn)?;
    if written == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Takes a device's token away; `false` where it had none.
pub fn forget_token(conn: &mut DbConn, device: &DeviceId) -> Result<bool, StoreError> {
    let changed = Select::new(
        "UPDATE device_event_sources SET token_hash = NULL, token_made_at = NULL, pushed_at = NULL
         WHERE token_hash IS NOT NULL AND device_id = ",
    )
    .text(device.as_str())
    .execute(conn)?;
    Ok(changed > 0)
}

/// Whose token this is.
pub fn find_listening(conn: &mut DbConn, token_hash: &str) -> Result<Option<Listening>, StoreError> {
    let rows: Vec<ListeningRow> =
        Select::new("SELECT device_id, company_id, pushed_at FROM device_event_sources WHERE token_hash = ")
            .text(token_hash)
            .load(conn)?;
    let listening = |row: ListeningRow| {
        Ok(Listening {
            device_id: read(row.device_id, "device_event_sources.device_id")?,
            company_id: read(row.company_id, "device_event_sources.company_id")?,
            pushed_at: time_or_none(row.pushed_at)?,
        })
    };
    rows.into_iter().next().map(listening).transpose()
}

/// Notes that a device pushed.
pub fn note_pushed(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    Select::new("UPDATE device_event_sources SET pushed_at = ")
        .number(micros(now))
        .sql(" WHERE token_hash IS NOT NULL AND device_id = ")
        .text(device.as_str())
        .execute(conn)?;
    Ok(())
}

/// Writes some columns of a device's row, which is made where it is not there; gives how many rows that are.
pub(super) fn upsert(
    conn: &mut DbConn,
    device: &DeviceId,
    columns: &str,
    values: impl Fn(Select) -> Select,
) -> Result<usize, StoreError> {
    let set: Vec<String> = columns.split(", ").map(|column| format!("{column} = excluded.{column}")).collect();
    let query = Select::new("INSERT INTO device_event_sources (device_id, company_id, dropped, ").sql(columns);
    let query = values(query.sql(") SELECT d.id, d.company_id, 0, ")).sql(" FROM devices d WHERE d.id = ");
    let query = query.text(device.as_str()).sql(" ON CONFLICT (device_id) DO UPDATE SET ").sql(&set.join(", "));
    query.execute(conn)
}
