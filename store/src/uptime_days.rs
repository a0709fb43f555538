//! Uptime by day: the hours of all devices summed up into days of UTC, and hours forgotten once their days are known.
//!
//! Both are passes over all devices, day by day and so many devices at a time, each step one transaction that moves a durable
//! position under its lock. A step writes sums, it does not add to them: done twice, by whoever, it does no more than once.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Devices of one step: few enough that others who write do not wait long.
const DEVICES_A_STEP: i64 = if cfg!(test) { 2 } else { 2000 };

/// A day is summed up so long after it ended: until then, hours of it may still be written.
const SETTLED_AFTER: Duration = Duration::hours(2);

/// Before the first device: places are never negative.
const NOBODY: i64 = -1;

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    place: i64,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Nullable<BigInt>)]
    value: Option<i64>,
}

/// What a step of a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to do; so many rows were written or deleted.
    Went(usize),
    /// It is where it should be.
    Done,
}

/// Sums up the next devices' hours of the next day that is over.
pub fn roll_up(conn: &mut DbConn, now: DateTime<Utc>) -> Result<Step, StoreError> {
    let mut position = lock(conn, "rolled")?;
    if position.day == 0 {
        let Some(first) = one(Select::new("SELECT min(hour) AS value FROM uptime_hours"), conn)? else {
            return Ok(Step::Done);
        };
        position = Position { day: first.div_euclid(24), place: NOBODY };
    }
    if position.day >= day_of(now - SETTLED_AFTER) {
        return Ok(Step::Done);
    }
    let Some(last) = last_of_step(conn, position.place)? else {
        return next_day(conn, "rolled", position.day);
    };
    let written = Select::new(
        "INSERT INTO uptime_days (place, day, up_seconds, down_seconds)
         SELECT u.place, ",
    )
    .number(position.day)
    .sql(
        ", CAST(sum(u.up_seconds) AS INTEGER), CAST(sum(u.down_seconds) AS INTEGER)
         FROM devices d CROSS JOIN uptime_hours u WHERE u.place = d.place AND d.place > ",
    )
    .number(position.place)
    .sql(" AND d.place <= ")
    .number(last)
    .then(hours_of_day(position.day))
    .sql(
        " GROUP BY u.place
         ON CONFLICT (place, day) DO UPDATE SET up_seconds = excluded.up_seconds, down_seconds = excluded.down_seconds",
    )
    .execute(conn)?;
    advance(conn, "rolled", position.day, last)?;
    Ok(Step::Went(written))
}

/// Forgets the next devices' hours of the next day before `before`, of those that are summed up.
pub fn prune_hours(conn: &mut DbConn, before: DateTime<Utc>) -> Result<Step, StoreError> {
    let rolled = lock(conn, "rolled")?;
    let mut position = lock(conn, "pruned")?;
    if position.day == 0 {
        let Some(first) = one(Select::new("SELECT min(hour) AS value FROM uptime_hours"), conn)? else {
            return Ok(Step::Done);
        };
        position = Position { day: first.div_euclid(24), place: NOBODY };
    }
    if position.day >= day_of(before).min(rolled.day) {
        return Ok(Step::Done);
    }
    let Some(last) = last_of_step(conn, position.place)? else {
        return next_day(conn, "pruned", position.day);
    };
    // Device by device, along the key; what was written late, for days before, goes with it.
    let deleted = Select::new(
        "DELETE FROM uptime_hours WHERE (place, hour) IN (SELECT u.place, u.hour FROM devices d CROSS JOIN uptime_hours u
         WHERE u.place = d.place AND d.place > ",
    )
    .number(position.place)
    .sql(" AND d.place <= ")
    .number(last)
    .sql(" AND u.hour < ")
    .number((position.day + 1) * 24)
    .sql(")")
    .execute(conn)?;
    advance(conn, "pruned", position.day, last)?;
    Ok(Step::Went(deleted))
}

/// Forgets days of the next devices before `before`, with the temperatures of their disks; gives the place of the last of
/// them, from which to go on, and `None` after the last.
pub fn prune_days(
    conn: &mut DbConn,
    after: Option<i64>,
    before: DateTime<Utc>,
) -> Result<(usize, Option<i64>), StoreError> {
    let after = after.unwrap_or(NOBODY);
    let Some(last) = last_of_step(conn, after)? else { return Ok((0, None)) };
    let mut deleted = 0;
    // Device by device, along the key: what stays is not looked at.
    for (table, key) in [("uptime_days", "place, day"), ("disk_temperature_days", "place, disk, day")] {
        let columns = key.replace("place", "t.place").replace("day", "t.day").replace("disk", "t.disk");
        deleted += Select::new(&format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {columns} FROM devices d CROSS JOIN {table} t
             WHERE t.place = d.place AND d.place > "
        ))
        .number(after)
        .sql(" AND d.place <= ")
        .number(last)
        .sql(" AND t.day < ")
        .number(day_of(before))
        .sql(")")
        .execute(conn)?;
    }
    Ok((deleted, Some(last)))
}

/// The first day since 1970 UTC of which every device's hours are still known.
pub fn hours_since(conn: &mut DbConn) -> Result<i64, StoreError> {
    let position = find(conn, "pruned", "")?;
    Ok(if position.place == NOBODY { position.day } else { position.day + 1 })
}

/// Days since 1970 UTC.
fn day_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(86_400)
}

fn hours_of_day(day: i64) -> Select {
    Select::new(" AND u.hour >= ").number(day * 24).sql(" AND u.hour < ").number((day + 1) * 24)
}

/// The last device of a step that begins after `place`.
fn last_of_step(conn: &mut DbConn, place: i64) -> Result<Option<i64>, StoreError> {
    let query = Select::new("SELECT max(place) AS value FROM (SELECT place FROM devices WHERE place > ").number(place);
    one(query.sql(" ORDER BY place LIMIT ").number(DEVICES_A_STEP).sql(") AS step"), conn)
}

/// Reads a position so that nobody else moves it until this transaction ends.
fn lock(conn: &mut DbConn, name: &str) -> Result<Position, StoreError> {
    let locking = match conn {
        // A writing transaction is the only one.
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE",
    };
    find(conn, name, locking)
}

fn find(conn: &mut DbConn, name: &str, locking: &str) -> Result<Position, StoreError> {
    let query = Select::new("SELECT day, place FROM uptime_positions WHERE name = ").text(name).sql(locking);
    query.load(conn)?.into_iter().next().ok_or(StoreError::NotFound)
}

fn next_day(conn: &mut DbConn, name: &str, day: i64) -> Result<Step, StoreError> {
    advance(conn, name, day + 1, NOBODY)?;
    Ok(Step::Went(0))
}

fn advance(conn: &mut DbConn, name: &str, day: i64, place: i64) -> Result<(), StoreError> {
    Select::new("UPDATE uptime_positions SET day = ")
        .number(day)
        .sql(", place = ")
        .number(place)
        .sql(" WHERE name = ")
        .text(name)
        .execute(conn)?;
    Ok(())
}

fn one(query: Select, conn: &mut DbConn) -> Result<Option<i64>, StoreError> {
    Ok(query.load::<Value>(conn)?.into_iter().next().and_then(|row| row.value))
}

#[cfg(test)]
mod tests;
