//! From what was heard to events: what is told again is the same event, until it is told that it is over or not told any more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::DeviceId;
use siteward_domain::device_event::{DeviceEvent, DeviceSignal, EventState, OVER_AFTER};

use super::{COLUMNS, Row, event};
use crate::changes::{DEVICE_EVENTS_LOCK, one_appender};
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Something that a device told, and when it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The device.
    pub device_id: DeviceId,
    /// What it told.
    pub signal: DeviceSignal,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = Nullable<Integer>)]
    channel: Option<i32>,
    #[diesel(sql_type = BigInt)]
    seen_at: i64,
}

/// An event that lasts.
#[derive(Clone, Copy)]
struct Lasting {
    seq: i64,
    seen_at: i64,
}

/// One event of one device at a time has these.
type Key = (String, String, Option<i64>);

/// Takes what was heard, in its order; gives the events that began. What belongs to an event that lasts keeps it alive or ends it;
/// of a device that is
/// gone, or that nobody watches, nothing is kept.
pub fn append(conn: &mut DbConn, heard: &[Heard]) -> Result<Vec<DeviceEvent>, StoreError> {
    if heard.is_empty() {
        return Ok(Vec::new());
    }
    one_appender(conn, DEVICE_EVENTS_LOCK)?;
    let mut lasting = find_lasting(conn, heard)?;
    let mut seen: BTreeMap<i64, i64> = BTreeMap::new();
    let mut begun = Vec::new();
    for heard in heard {
        let channel = heard.signal.channel.map(i64::from);
        let key = (heard.device_id.as_str().to_owned(), heard.signal.word.clone(), channel);
        let at = micros(heard.at);
        let found = lasting.get(&key).copied();
        match (heard.signal.state, found) {
            (EventState::Active, Some(last)) if at - last.seen_at < OVER_AFTER.num_microseconds().unwrap_or(0) => {
                let seen_at = at.max(last.seen_at);
                seen.insert(last.seq, seen_at);
                lasting.insert(key, Lasting { seen_at, ..last });
            }
            (EventState::Active, found) => {
                if let Some(last) = found {
                    end(conn, last.seq, last.seen_at)?;
                    seen.remove(&last.seq);
                }
                lasting.remove(&key);
                if let Some(event) = begin(conn, heard)? {
                    lasting.insert(key, Lasting { seq: event.seq, seen_at: at });
                    begun.push(event);
                }
            }
            (EventState::Inactive, Some(last)) => {
                end(conn, last.seq, at)?;
                seen.remove(&last.seq);
                lasting.remove(&key);
            }
            (EventState::Inactive, None) => {}
        }
    }
    for (seq, at) in seen {
        let query =
            Select::new("UPDATE device_events SET seen_at = ").number(at).sql(" WHERE ended_at IS NULL AND seq = ");
        query.number(seq).execute(conn)?;
    }
    Ok(begun)
}

/// Ends what was told no more for thirty seconds, at the time when it was last told; gives how many, at most 1,000 at once.
pub fn end_silent(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new(
        "UPDATE device_events SET ended_at = seen_at WHERE ended_at IS NULL AND seq IN
         (SELECT seq FROM device_events WHERE ended_at IS NULL AND seen_at <= ",
    )
    .number(micros(now - OVER_AFTER))
    .sql(" ORDER BY seen_at LIMIT 1000)")
    .execute(conn)
}

fn find_lasting(conn: &mut DbConn, heard: &[Heard]) -> Result<BTreeMap<Key, Lasting>, StoreError> {
    let mut devices: Vec<&str> = heard.iter().map(|heard| heard.device_id.as_str()).collect();
    devices.sort_unstable();
    devices.dedup();
    let mut found = BTreeMap::new();
    for devices in devices.chunks(1000) {
        let rows: Vec<OpenRow> = Select::new(
            "SELECT seq, device_id, word, channel, seen_at FROM device_events WHERE ended_at IS NULL AND device_id IN ",
        )
        .texts(devices.iter().copied())
        .sql(" ORDER BY seq")
        .load(conn)?;
        found.extend(rows.into_iter().map(|row| {
            ((row.device_id, row.word, row.channel.map(i64::from)), Lasting { seq: row.seq, seen_at: row.seen_at })
        }));
    }
    Ok(found)
}

/// Writes the beginning of an event; `None` where the device is gone, or nobody watches it.
fn begin(conn: &mut DbConn, heard: &Heard) -> Result<Option<DeviceEvent>, StoreError> {
    let query = Select::new(
        "INSERT INTO device_events (company_id, site_id, device_id, kind, channel, word, at, seen_at)
         SELECT d.company_id, d.site_id, d.id, ",
    )
    .text(heard.signal.kind.as_str());
    let query = match heard.signal.channel {
        // A number is written out: PostgreSQL would take a bind for a BIGINT.
        Some(channel) => query.sql(", ").sql(&channel.to_string()),
        None => query.sql(", NULL"),
    };
    let rows: Vec<Row> = query
        .sql(", ")
        .text(heard.signal.word.as_str())
        .sql(", ")
        .number(micros(heard.at))
        .sql(", ")
        .number(micros(heard.at))
        .sql(" FROM devices d WHERE d.unwatched_because IS NULL AND d.id = ")
        .text(heard.device_id.as_str())
        .sql(" RETURNING ")
        .sql(&COLUMNS.replace("e.", ""))
        .load(conn)?;
    rows.into_iter().next().map(event).transpose()
}

fn end(conn: &mut DbConn, seq: i64, at: i64) -> Result<(), StoreError> {
    let query = Select::new("UPDATE device_events SET ended_at = CASE WHEN at > ").number(at).sql(" THEN at ELSE ");
    query.number(at).sql(" END WHERE ended_at IS NULL AND seq = ").number(seq).execute(conn)?;
    Ok(())
}
