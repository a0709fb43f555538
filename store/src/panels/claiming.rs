//! Leases on panels that are due: one comparison of a panel at a time, whichever worker makes it.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::DeviceId;

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    device_id: String,
}

/// Whether some panel is due and free.
pub fn any_due(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let rows: Vec<Row> = Select::new("SELECT device_id FROM panels WHERE due_at <= ")
        .number(micros(now))
        .sql(" AND (locked_until IS NULL OR locked_until <= ")
        .number(micros(now))
        .sql(") ORDER BY due_at LIMIT 1")
        .load(conn)?;
    Ok(!rows.is_empty())
}

/// Leases up to `limit` panels that are due to `owner` until `now + lease`, those due longest first, without those in
/// `except`. A panel whose lease ended is free again.
pub fn claim(
    conn: &mut DbConn,
    owner: &str,
    limit: u32,
    except: &[DeviceId],
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Vec<DeviceId>, StoreError> {
    let skip_locked = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE SKIP LOCKED",
    };
    let mut query = Select::new("UPDATE panels SET locked_by = ")
        .text(owner)
        .sql(", locked_until = ")
        .number(micros(now + lease))
        .sql(" WHERE device_id IN (SELECT device_id FROM panels WHERE due_at <= ")
        .number(micros(now))
        .sql(" AND (locked_until IS NULL OR locked_until <= ")
        .number(micros(now))
        .sql(")");
    if !except.is_empty() {
        query = query.sql(" AND device_id NOT IN ").sql("(''");
        for id in except {
            query = query.sql(", ").text(id.as_str());
        }
        query = query.sql(")");
    }
    let rows: Vec<Row> = query
        .sql(" ORDER BY due_at, device_id LIMIT ")
        .number(i64::from(limit))
        .sql(skip_locked)
        .sql(") RETURNING device_id")
        .load(conn)?;
    rows.into_iter().map(|row| read(row.device_id, "panels.device_id")).collect()
}

/// Prolongs the leases of panels that take long.
pub fn renew(
    conn: &mut DbConn,
    owner: &str,
    devices: &[DeviceId],
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<(), StoreError> {
    if devices.is_empty() {
        return Ok(());
    }
    Select::new("UPDATE panels SET locked_until = ")
        .number(micros(now + lease))
        .sql(" WHERE locked_by = ")
        .text(owner)
        .sql(" AND device_id IN ")
        .texts(devices.iter().map(DeviceId::as_str))
        .execute(conn)?;
    Ok(())
}

/// Gives a panel back as it was: the comparison was broken off, or something changed before it wrote anything.
pub fn release(conn: &mut DbConn, owner: &str, device: &DeviceId) -> Result<(), StoreError> {
    Select::new("UPDATE panels SET locked_by = NULL, locked_until = NULL WHERE locked_by = ")
        .text(owner)
        .sql(" AND device_id = ")
        .text(device.as_str())
        .execute(conn)?;
    Ok(())
}
