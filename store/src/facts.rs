//! Facts of a device: the last value of each topic, with source and time (R-H1).
//!
//! A value is written when it changes; the time of its last measurement stands in `measured`, a column a topic, so
//! that a poll that finds nothing new writes one small row.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::DeviceId;
use siteward_domain::health::Topic;

use crate::columns::{place_of, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// What is known of one topic of a device.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The topic.
    pub topic: Topic,
    /// The value: JSON of the topic's type in `siteward_domain`.
    pub value: serde_json::Value,
    /// The resource it was read from.
    pub source: String,
    /// When it was last measured.
    pub measured_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    measured_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    changed_at: i64,
}

/// Every fact of a device, in the order of topics.
pub fn list_facts(conn: &mut DbConn, device: &DeviceId) -> Result<Vec<Fact>, StoreError> {
    let rows: Vec<Row> = Select::new(
        "SELECT f.topic, f.value, f.source, f.changed_at, CASE f.topic WHEN 'reachability' THEN m.reachability
         WHEN 'identity' THEN m.identity WHEN 'status' THEN m.status WHEN 'channels' THEN m.channels
         WHEN 'disks' THEN m.disks WHEN 'network' THEN m.network WHEN 'clock' THEN m.clock
         WHEN 'user_check' THEN m.user_check WHEN 'capabilities' THEN m.capabilities WHEN 'panel' THEN m.panel
         WHEN 'smart' THEN m.smart WHEN 'recording' THEN m.recording END AS measured_at
         FROM facts f LEFT JOIN measured m ON m.place = f.place WHERE f.place = ",
    )
    .number(place_of(device))
    .sql(" ORDER BY f.topic LIMIT 100")
    .load(conn)?;
    let mut facts = rows.into_iter().map(fact).collect::<Result<Vec<_>, _>>()?;
    facts.sort_by_key(|fact| fact.topic);
    Ok(facts)
}

fn fact(row: Row) -> Result<Fact, StoreError> {
    Ok(Fact {
        topic: word(Topic::from_stored(&row.topic), "facts.topic")?,
        value: serde_json::from_str(&row.value).map_err(|_| StoreError::Unreadable { column: "facts.value" })?,
        source: row.source,
        measured_at: time(row.measured_at.unwrap_or(row.changed_at))?,
        changed_at: time(row.changed_at)?,
    })
}
