//! Who is told of an alarm by mail: receivers who did not say no, and nobody twice within five minutes about the same device.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use siteward_domain::{DeviceId, EndUserId};

use super::OF_CHANNEL;
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Somebody who is to be told of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmReader {
    /// Who.
    pub end_user_id: EndUserId,
    /// The device's name.
    pub device_name: String,
    /// The site's name.
    pub site_name: String,
}

#[derive(QueryableByName)]
struct ReaderRow {
    #[diesel(sql_type = Text)]
    receiver_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    site_name: String,
}

#[derive(QueryableByName)]
struct Wanted {
    #[diesel(sql_type = Integer)]
    wanted: i32,
}

/// Whether somebody wants mails about alarms of a device that is shared with them: unless they said no.
pub fn are_mails_wanted(conn: &mut DbConn, end_user: &EndUserId, device: &DeviceId) -> Result<bool, StoreError> {
    let rows: Vec<Wanted> = Select::new("SELECT wanted FROM alarm_mails WHERE end_user_id = ")
        .text(end_user.as_str())
        .sql(" AND device_id = ")
        .text(device.as_str())
        .load(conn)?;
    Ok(rows.first().is_none_or(|row| row.wanted != 0))
}

/// Notes whether somebody wants them.
pub fn want_mails(conn: &mut DbConn, end_user: &EndUserId, device: &DeviceId, wanted: bool) -> Result<(), StoreError> {
    let wanted = i64::from(wanted);
    Select::new("INSERT INTO alarm_mails (end_user_id, device_id, wanted) VALUES (")
        .text(end_user.as_str())
        .sql(", ")
        .text(device.as_str())
        .sql(", ")
        .number(wanted)
        .sql(") ON CONFLICT (end_user_id, device_id) DO UPDATE SET wanted = ")
        .number(wanted)
        .execute(conn)?;
    Ok(())
}

/// Who is to be told of the event of a number: receivers of its channel who want mails and got none about the device since `told_since`.
pub fn readers(conn: &mut DbConn, seq: i64, told_since: DateTime<Utc>) -> Result<Vec<AlarmReader>, StoreError> {
    let rows: Vec<ReaderRow> = Select::new(
        "SELECT DISTINCT s.receiver_id, d.name AS device_name, t.name AS site_name FROM device_events e
         JOIN devices d ON d.id = e.device_id
         JOIN sites t ON t.id = e.site_id AND t.closing_at IS NULL AND t.suspended_at IS NULL
         JOIN share_channels c ON c.device_id = e.device_id
         JOIN shares s ON s.id = c.share_id AND s.site_id = e.site_id AND s.ended_at IS NULL
         AND e.at >= s.created_at AND e.at >= c.since
         LEFT JOIN alarm_mails m ON m.end_user_id = s.receiver_id AND m.device_id = e.device_id
         WHERE d.kind <> 'alarm_panel' AND (m.wanted IS NULL OR m.wanted = 1) AND (m.told_at IS NULL OR m.told_at <= ",
    )
    .number(micros(told_since))
    .sql(") AND ")
    .sql(OF_CHANNEL)
    .sql(" AND e.seq = ")
    .number(seq)
    .sql(" ORDER BY s.receiver_id LIMIT 1000")
    .load(conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(AlarmReader {
                end_user_id: read(row.receiver_id, "shares.receiver_id")?,
                device_name: row.device_name,
                site_name: row.site_name,
            })
        })
        .collect()
}

/// Somebody is told of a device now.
pub fn note_told(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: &DeviceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("INSERT INTO alarm_mails (end_user_id, device_id, wanted, told_at) VALUES (")
        .text(end_user.as_str())
        .sql(", ")
        .text(device.as_str())
        .sql(", 1, ")
        .number(micros(now))
        .sql(") ON CONFLICT (end_user_id, device_id) DO UPDATE SET told_at = ")
        .number(micros(now))
        .execute(conn)?;
    Ok(())
}
