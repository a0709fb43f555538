//! What was heard, with all that follows from it: the events, a word to the event log for whoever watches, and the wish for a
//! look at the device.
//!
//! A device may tell thousands of events an hour. The event log hears of one device every few seconds at most; it is then told
//! that there are events, not each of them.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use siteward_domain::DeviceId;
use siteward_domain::device_event::{DeviceEvent, OVER_AFTER};
use siteward_domain::event::EventKind;

use super::appending::{Heard, append};
use super::sources::upsert;
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;

/// Fewest time between two words about one device to the event log.
const TOLD_EVERY: Duration = Duration::seconds(3);
/// Most devices at once of which the event log hears late.
const MOST_UNTOLD: u32 = 500;
/// Most devices of one worker that are looked at at once.
const MOST_LOOKS: u32 = 500;

#[derive(QueryableByName)]
struct UntoldRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    device_id: String,
}

/// Takes what was heard, in its order, and gives the events that began.
pub fn take(conn: &mut DbConn, heard: &[Heard], now: DateTime<Utc>) -> Result<Vec<DeviceEvent>, StoreError> {
    let begun = append(conn, heard)?;
    let mut looked: Vec<&DeviceId> = Vec::new();
    for event in &begun {
        if event.kind.asks_for_a_look() && !looked.contains(&&event.device_id) {
            looked.push(&event.device_id);
            want_look(conn, &event.device_id, now)?;
        }
    }
    // The newest of each device stands for all of them.
    let mut newest: Vec<&DeviceEvent> = Vec::new();
    for event in begun.iter().rev() {
        if !newest.iter().any(|other| other.device_id == event.device_id) {
            newest.push(event);
        }
    }
    let mut told = Vec::new();
    for event in newest.into_iter().rev() {
        if may_tell(conn, &event.device_id, now)? {
            told.push(told_of(event, now));
        }
    }
    events::append_all(conn, &told)?;
    Ok(begun)
}

/// Tells the event log of devices that told more since it last heard of them; gives how many.
pub fn tell_late(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let rows: Vec<UntoldRow> = Select::new(
        "SELECT s.device_id, d.company_id, d.site_id,
         coalesce((SELECT max(e.seq) FROM device_events e WHERE e.company_id = d.company_id AND e.device_id = d.id), 0) AS last
         FROM device_event_sources s JOIN devices d ON d.id = s.device_id WHERE s.untold AND s.told_at <= ",
    )
    .number(micros(now - TOLD_EVERY))
    .sql(" ORDER BY s.told_at LIMIT ")
    .number(i64::from(MOST_UNTOLD))
    .load(conn)?;
    let mut told = Vec::new();
    for row in rows {
        let device: DeviceId = read(row.device_id, "device_event_sources.device_id")?;
        if may_tell(conn, &device, now)? {
            told.push(NewEvent {
                company_id: read(row.company_id, "devices.company_id")?,
                site_id: Some(read(row.site_id, "devices.site_id")?),
                device_id: Some(device),
                kind: EventKind::DeviceEvent,
                actor: "device".into(),
                at: now,
                data: json!({ "seq": row.last }),
            });
        }
    }
    events::append_all(conn, &told)?;
    Ok(told.len())
}

/// Whether there is something for [`tell_late`] or [`super::end_silent`] to do, only to look.
pub fn is_untidy(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let late = Select::new("SELECT device_id FROM device_event_sources WHERE untold AND told_at <= ");
    let late: Vec<DeviceRow> = late.number(micros(now - TOLD_EVERY)).sql(" ORDER BY told_at LIMIT 1").load(conn)?;
    if !late.is_empty() {
        return Ok(true);
    }
    let silent = Select::new("SELECT device_id FROM device_events WHERE ended_at IS NULL AND seen_at <= ");
    let silent: Vec<DeviceRow> = silent.number(micros(now - OVER_AFTER)).sql(" ORDER BY seen_at LIMIT 1").load(conn)?;
    Ok(!silent.is_empty())
}

/// The devices in the buckets of a worker that asked for a look; they are not given again.
pub fn take_wanted_looks(conn: &mut DbConn, owner: &str) -> Result<Vec<DeviceId>, StoreError> {
    let rows: Vec<DeviceRow> = Select::new(
        "UPDATE device_event_sources SET look_wanted_at = NULL WHERE look_wanted_at IS NOT NULL AND device_id IN
         (SELECT s.device_id FROM device_event_sources s JOIN devices d ON d.id = s.device_id
          JOIN buckets b ON b.bucket = d.bucket WHERE s.look_wanted_at IS NOT NULL AND b.owner = ",
    )
    .text(owner)
    .sql(" ORDER BY s.look_wanted_at LIMIT ")
    .number(i64::from(MOST_LOOKS))
    .sql(") RETURNING device_id")
    .load(conn)?;
    rows.into_iter().map(|row| read(row.device_id, "device_event_sources.device_id")).collect()
}

/// Whether any device in the buckets of a worker asked for a look, only to look.
pub fn wants_looks(conn: &mut DbConn, owner: &str) -> Result<bool, StoreError> {
    let rows: Vec<DeviceRow> = Select::new(
        "SELECT s.device_id FROM device_event_sources s JOIN devices d ON d.id = s.device_id
         JOIN buckets b ON b.bucket = d.bucket WHERE s.look_wanted_at IS NOT NULL AND b.owner = ",
    )
    .text(owner)
    .sql(" ORDER BY s.device_id LIMIT 1")
    .load(conn)?;
    Ok(!rows.is_empty())
}

fn want_look(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    upsert(conn, device, "look_wanted_at", |values| values.number(micros(now))).map(drop)
}

/// Whether the event log may hear of a device now; if not, it will later.
fn may_tell(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let pace = |device: &DeviceId| {
        Select::new("UPDATE device_event_sources SET untold = (1 = 0), told_at = ")
            .number(micros(now))
            .sql(" WHERE (told_at IS NULL OR told_at <= ")
            .number(micros(now - TOLD_EVERY))
            .sql(") AND device_id = ")
            .text(device.as_str())
    };
    if pace(device).execute(conn)? > 0 {
        return Ok(true);
    }
    let waits = Select::new("UPDATE device_event_sources SET untold = (1 = 1) WHERE device_id = ");
    if waits.text(device.as_str()).execute(conn)? > 0 {
        return Ok(false);
    }
    // It has no row yet.
    upsert(conn, device, "told_at", |values| values.number(micros(now))).map(|made| made > 0)
}

fn told_of(event: &DeviceEvent, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: event.company_id.clone(),
        site_id: Some(event.site_id.clone()),
        device_id: Some(event.device_id.clone()),
        kind: EventKind::DeviceEvent,
        actor: "device".into(),
        at: now,
        data: json!({ "seq": event.seq, "kind": event.kind, "channel": event.channel }),
    }
}
