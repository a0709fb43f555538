//! What pollers must learn: which devices were added, edited, deleted, or are to be looked at now.
//!
//! An append-only queue with a rising number that every worker reads with its own position. On PostgreSQL numbers
//! are taken before commits become visible, and a reader could step over a slow one; so whoever appends holds an
//! advisory lock until its commit, and numbers become visible in order. Append last in a transaction: rows first, log
//! after, so that two transactions never wait for each other.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::columns::{bucket_of, micros};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{device_changes, devices};

/// The lock of [`device_changes`] on PostgreSQL.
pub(crate) const CHANGES_LOCK: i64 = 0x7369_7465_0001;
/// The lock of the event log on PostgreSQL.
pub(crate) const EVENTS_LOCK: i64 = 0x7369_7465_0002;
/// The lock of the events of devices on PostgreSQL.
pub(crate) const DEVICE_EVENTS_LOCK: i64 = 0x7369_7465_0003;

/// Makes appends to a log visible in the order of their numbers. SQLite has one writer anyway.
pub(crate) fn one_appender(conn: &mut DbConn, lock: i64) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(lock).execute(conn)?;
    }
    Ok(())
}

/// Notes that one device changed or is gone.
pub(crate) fn note_device(conn: &mut DbConn, id: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    one_appender(conn, CHANGES_LOCK)?;
    diesel::insert_into(device_changes::table)
        .values((
            device_changes::bucket.eq(i32::from(bucket_of(id.as_str()))),
            device_changes::device_id.eq(id.as_str()),
            device_changes::at.eq(micros(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The devices of a site that is about to be deleted, for [`note_devices`]. On PostgreSQL it keeps others from adding one
/// meanwhile.
pub(crate) fn devices_of_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
) -> Result<Vec<(i32, String)>, StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        sql_query("SELECT 1 FROM sites WHERE id = $1 FOR UPDATE").bind::<Text, _>(site.as_str()).execute(conn)?;
    }
    Ok(devices::table
        .select((devices::bucket, devices::id))
        .filter(devices::company_id.eq(company.as_str()))
        .filter(devices::site_id.eq(site.as_str()))
        .order(devices::id)
        .load(conn)?)
}

/// Notes that devices changed or are gone, each with its bucket.
pub(crate) fn note_devices(conn: &mut DbConn, devices: &[(i32, String)], now: DateTime<Utc>) -> Result<(), StoreError> {
    if devices.is_empty() {
        return Ok(());
    }
    one_appender(conn, CHANGES_LOCK)?;
    for (bucket, id) in devices {
        diesel::insert_into(device_changes::table)
            .values((
                device_changes::bucket.eq(bucket),
                device_changes::device_id.eq(id),
                device_changes::at.eq(micros(now)),
            ))
            .execute(conn)?;
    }
    Ok(())
}
