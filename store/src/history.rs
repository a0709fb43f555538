//! How a device has been: seconds up and down by hour, and every change of its health.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text};
use siteward_domain::DeviceId;
use siteward_domain::health::DeviceHealth;

use crate::columns::{micros, number, place_of, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most transitions given at once, the newest ones.
const MOST_TRANSITIONS: i64 = 1000;

/// Seconds of one hour that a device was seen up and down; the rest of it nobody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UptimeHour {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// Seconds seen up.
    pub up_seconds: u32,
    /// Seconds seen down.
    pub down_seconds: u32,
}

/// A change of a device's health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// The state before.
    pub from: DeviceHealth,
    /// The state since.
    pub to: DeviceHealth,
}

#[derive(QueryableByName)]
struct HourRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    hour: i64,
    #[diesel(sql_type = Integer)]
    up_seconds: i32,
    #[diesel(sql_type = Integer)]
    down_seconds: i32,
}

#[derive(QueryableByName)]
struct TransitionRow {
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Text)]
    from_health: String,
    #[diesel(sql_type = Text)]
    to_health: String,
}

/// The hours `from..=to` of a device that anything is known of, oldest first.
pub fn hours(conn: &mut DbConn, device: &DeviceId, from: i64, to: i64) -> Result<Vec<UptimeHour>, StoreError> {
    Ok(heartbeats(conn, &[device], from, to)?.remove(device).unwrap_or_default())
}

/// The same for several devices in one query. A device nothing is known of is not in the map.
pub fn heartbeats(
    conn: &mut DbConn,
    devices: &[&DeviceId],
    from: i64,
    to: i64,
) -> Result<HashMap<DeviceId, Vec<UptimeHour>>, StoreError> {
    let rows: Vec<HourRow> =
        Select::new("SELECT place, hour, up_seconds, down_seconds FROM uptime_hours WHERE place IN ")
            .numbers(devices.iter().map(|id| place_of(id)))
            .sql(" AND hour BETWEEN ")
            .number(from)
            .sql(" AND ")
            .number(to)
            .sql(" ORDER BY place, hour")
            .load(conn)?;
    let by_place: HashMap<i64, &DeviceId> = devices.iter().map(|id| (place_of(id), *id)).collect();
    let mut found: HashMap<DeviceId, Vec<UptimeHour>> = HashMap::new();
    for row in rows {
        let Some(id) = by_place.get(&row.place) else { continue };
        found.entry((*id).clone()).or_default().push(UptimeHour {
            hour: row.hour,
            up_seconds: number(row.up_seconds, "uptime_hours.up_seconds")?,
            down_seconds: number(row.down_seconds, "uptime_hours.down_seconds")?,
        });
    }
    Ok(found)
}

/// The changes of a device's health within `from..=to`, oldest first; of more than 1,000 the newest.
pub fn transitions(
    conn: &mut DbConn,
    device: &DeviceId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Transition>, StoreError> {
    let rows: Vec<TransitionRow> = Select::new("SELECT at, from_health, to_health FROM transitions WHERE place = ")
        .number(place_of(device))
        .sql(" AND at BETWEEN ")
        .number(micros(from))
        .sql(" AND ")
        .number(micros(to))
        .sql(" ORDER BY at DESC, id DESC LIMIT ")
        .number(MOST_TRANSITIONS)
        .load(conn)?;
    let read = |row: TransitionRow| {
        Ok(Transition {
            at: time(row.at)?,
            from: word(DeviceHealth::from_stored(&row.from_health), "transitions.from_health")?,
            to: word(DeviceHealth::from_stored(&row.to_health), "transitions.to_health")?,
        })
    };
    rows.into_iter().rev().map(read).collect()
}
