//! Leases of buckets: a row a bucket, an owner and an end. A worker that dies loses its share when the lease ends.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use siteward_domain::DeviceId;

use crate::columns::{self, micros, number};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::workers;
use crate::select::Select;

/// How many buckets there are.
pub const BUCKETS: u16 = columns::BUCKETS;

#[derive(QueryableByName)]
struct Bucket {
    #[diesel(sql_type = Integer)]
    bucket: i32,
}

/// Notes that a worker is alive.
pub fn note_worker(conn: &mut DbConn, owner: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    Select::new("INSERT INTO workers (owner, started_at, seen_at) VALUES (")
        .text(owner)
        .sql(", ")
        .number(micros(now))
        .sql(", ")
        .number(micros(now))
        .sql(") ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at")
        .execute(conn)?;
    Ok(())
}

/// Workers seen since `now - within`: a fair share is [`BUCKETS`] divided by them, rounded up.
pub fn active_workers(conn: &mut DbConn, now: DateTime<Utc>, within: Duration) -> Result<u64, StoreError> {
    let count: i64 = workers::table.filter(workers::seen_at.gt(micros(now - within))).count().get_result(conn)?;
    number(count, "count")
}

/// Forgets a worker that stops, so that its share goes to the others at once.
pub fn forget_worker(conn: &mut DbConn, owner: &str) -> Result<(), StoreError> {
    diesel::delete(workers::table.filter(workers::owner.eq(owner))).execute(conn)?;
    Ok(())
}

/// Forgets workers that were not seen since `before`: they died without a word; gives how many.
pub fn prune_workers(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(workers::table.filter(workers::seen_at.lt(micros(before)))).execute(conn)?)
}

/// Leases up to `want` free buckets (never leased, given back, or whose lease ended) until `now + ttl`, beside those
/// that `owner` holds; gives the new ones in order.
pub fn lease_buckets(
    conn: &mut DbConn,
    owner: &str,
    want: usize,
    now: DateTime<Utc>,
    ttl: Duration,
) -> Result<Vec<u16>, StoreError> {
    let skip_locked = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE SKIP LOCKED",
    };
    let rows: Vec<Bucket> = Select::new("UPDATE buckets SET owner = ")
        .text(owner)
        .sql(", leased_until = ")
        .number(micros(now + ttl))
        .sql(" WHERE bucket IN (SELECT bucket FROM buckets WHERE owner IS NULL OR leased_until <= ")
        .number(micros(now))
        .sql(" ORDER BY bucket LIMIT ")
        .number(i64::try_from(want).unwrap_or(i64::MAX))
        .sql(skip_locked)
        .sql(") RETURNING bucket")
        .load(conn)?;
    read(rows)
}

/// Prolongs every lease of `owner` that has not ended and gives its buckets in order: what is missing from them was lost.
pub fn renew_buckets(
    conn: &mut DbConn,
    owner: &str,
    now: DateTime<Utc>,
    ttl: Duration,
) -> Result<Vec<u16>, StoreError> {
    let rows: Vec<Bucket> = Select::new("UPDATE buckets SET leased_until = ")
        .number(micros(now + ttl))
        .sql(" WHERE owner = ")
        .text(owner)
        .sql(" AND leased_until > ")
        .number(micros(now))
        .sql(" RETURNING bucket")
        .load(conn)?;
    read(rows)
}

/// Gives back some buckets, or (`None`) all that `owner` holds.
pub fn release_buckets(conn: &mut DbConn, owner: &str, some: Option<&[u16]>) -> Result<(), StoreError> {
    let mut query = Select::new("UPDATE buckets SET owner = NULL, leased_until = 0 WHERE owner = ").text(owner);
    if let Some(some) = some {
        query = query.sql(" AND bucket IN ").sql(&in_list(some));
    }
    query.execute(conn)?;
    Ok(())
}

/// Buckets as an SQL list: numbers, so that nothing can be smuggled in.
pub(super) fn in_list(buckets: &[u16]) -> String {
    let numbers: Vec<String> = buckets.iter().map(u16::to_string).collect();
    if numbers.is_empty() { "(NULL)".to_owned() } else { format!("({})", numbers.join(", ")) }
}

fn read(rows: Vec<Bucket>) -> Result<Vec<u16>, StoreError> {
    let mut found = rows.into_iter().map(|row| number(row.bucket, "buckets.bucket")).collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable();
    Ok(found)
}

/// A device's own number, spread evenly over all 64 bits. A poller that spreads devices over its period by it (the
/// lowest number first) finds those of one moment beside each other in the database, and a round touches few pages:
/// 1 µs a row instead of 7 to 14 at 100,000 devices on SQLite.
pub fn number_of(device: &DeviceId) -> u64 {
    columns::number_of(device.as_str())
}
