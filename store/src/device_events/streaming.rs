//! Which event streams a worker should hold open.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use siteward_domain::{CompanyId, DeviceId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// A device that has no event stream is asked for one again after so long: it may have got another firmware.
const ASKED_AGAIN: Duration = Duration::days(1);

/// A device whose event stream should be open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedStream {
    /// The device.
    pub device_id: DeviceId,
    /// Its company.
    pub company_id: CompanyId,
    /// Rises with every change of it: the stream is then opened anew.
    pub config_version: i32,
    /// Its bucket.
    pub bucket: i32,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Integer)]
    config_version: i32,
    #[diesel(sql_type = Integer)]
    bucket: i32,
}

/// The devices in the buckets of a worker whose event streams should be open, at most `limit`, always the same ones first: those
/// that the last look was let into, whose login nothing stands against, and that have such a stream as far as is known. Alarm
/// panels are not among them: their sessions are few, and they do not bear it.
pub fn wanted_streams(
    conn: &mut DbConn,
    owner: &str,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<WantedStream>, StoreError> {
    let rows: Vec<Row> = Select::new(
        "SELECT d.id AS device_id, d.company_id, d.config_version, d.bucket FROM devices d
         LEFT JOIN device_event_sources s ON s.device_id = d.id
         WHERE d.health IN ('healthy', 'faulty') AND d.kind NOT IN ('alarm_panel', 'router') AND d.breaker IS NULL AND d.unwatched_because IS NULL
         AND (s.stream IS NULL OR s.stream <> 'not_supported' OR s.stream_since < ",
    )
    .number(micros(now - ASKED_AGAIN))
    // With a plus no index serves it: devices are read in their order, and no further than the limit.
    .sql(") AND +d.bucket IN (SELECT b.bucket FROM buckets b WHERE b.owner = ")
    .text(owner)
    .sql(" AND b.leased_until > ")
    .number(micros(now))
    .sql(") ORDER BY d.place LIMIT ")
    .number(i64::from(limit))
    .load(conn)?;
    let wanted = |row: Row| {
        Ok(WantedStream {
            device_id: read(row.device_id, "devices.id")?,
            company_id: read(row.company_id, "devices.company_id")?,
            config_version: row.config_version,
            bucket: row.bucket,
        })
    };
    rows.into_iter().map(wanted).collect()
}

/// Notes of a worker's devices which streams are not open any more although they stand as open: those of a worker that died.
/// Gives how many.
pub fn forget_streams_but(conn: &mut DbConn, owner: &str, held: &[&DeviceId]) -> Result<usize, StoreError> {
    Select::new(
        "UPDATE device_event_sources SET stream = NULL, stream_since = NULL WHERE stream IN ('open', 'connecting')
         AND device_id IN (SELECT d.id FROM devices d JOIN buckets b ON b.bucket = d.bucket WHERE b.owner = ",
    )
    .text(owner)
    .sql(") AND device_id NOT IN (''")
    .then(held.iter().fold(Select::new(""), |list, id| list.sql(", ").text(id.as_str())))
    .sql(")")
    .execute(conn)
}
