//! Jobs: background work, enqueued in the transaction that makes it needed, leased to a worker, tried again with
//! growing pauses, and kept where people see it when it cannot be done.
//!
//! Payloads carry ids only. A worker that dies loses its lease and another takes the job; `finish`, `fail` and
//! `extend` by a worker that lost it say [`StoreError::Stale`].

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use rand::RngExt as _;
use siteward_domain::JobId;

use crate::columns::{micros, read, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::jobs::dsl;
use crate::select::Select;

/// The first pause after a failure, in seconds; it doubles each time.
const FIRST_PAUSE_SECONDS: i64 = 5;
/// The longest pause, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 15 * 60;
/// How often a job is tried unless it says otherwise.
pub const MOST_ATTEMPTS: u32 = 10;

/// A job to enqueue.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// Its kind, e.g. `import_devices`.
    pub kind: String,
    /// What it is about: ids only, as JSON.
    pub payload: serde_json::Value,
    /// When it may run first.
    pub run_at: DateTime<Utc>,
    /// Of jobs of a kind with the same key at most one waits or runs; enqueueing another does nothing.
    pub dedup_key: Option<String>,
    /// How often it is tried before it is dead.
    pub most_attempts: u32,
}

/// A job leased to a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub payload: serde_json::Value,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// How often it is tried before it is dead.
    pub most_attempts: u32,
}

/// A job that cannot be done, kept until a person restarts it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub payload: serde_json::Value,
    /// How often it was tried.
    pub attempts: u32,
    /// The code of the last failure.
    pub last_error: String,
    /// When it was given up.
    pub died_at: DateTime<Utc>,
}

/// What became of a failed job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again then.
    RetryAt(DateTime<Utc>),
    /// It is given up.
    Dead,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    payload: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Integer)]
    most_attempts: i32,
    #[diesel(sql_type = Nullable<Text>)]
    last_error: Option<String>,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
}

/// Enqueues a job; `false` when one with its key waits or runs already.
pub fn enqueue(conn: &mut DbConn, new: &NewJob, now: DateTime<Utc>) -> Result<bool, StoreError> {
    insert(conn, new, "DO NOTHING", now)
}

/// Enqueues what a person asks for: where a job with its key runs already, which may have passed what was changed since, or be
/// at its very end, it runs once more afterwards.
pub fn enqueue_anew(conn: &mut DbConn, new: &NewJob, now: DateTime<Utc>) -> Result<(), StoreError> {
    insert(conn, new, "DO UPDATE SET asked_again = 1 WHERE jobs.state = 'running'", now)?;
    Ok(())
}

fn insert(conn: &mut DbConn, new: &NewJob, else_do: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let query = Select::new(
        "INSERT INTO jobs (id, kind, payload, state, due_at, attempts, most_attempts, created_at, updated_at, dedup_key)
         VALUES (",
    )
    .text(new.id.as_str())
    .sql(", ")
    .text(new.kind.as_str())
    .sql(", ")
    .text(new.payload.to_string())
    .sql(", 'waiting', ")
    .number(micros(new.run_at))
    .sql(", 0, ")
    .number(i64::from(new.most_attempts.max(1)))
    .sql(", ")
    .number(micros(now))
    .sql(", ")
    .number(micros(now))
    .sql(", ");
    let query = match &new.dedup_key {
        Some(key) => query.text(key.as_str()),
        None => query.sql("NULL"),
    };
    let on_conflict = ") ON CONFLICT (kind, dedup_key) WHERE dedup_key IS NOT NULL AND state <> 'dead' ";
    Ok(query.sql(on_conflict).sql(else_do).execute(conn)? > 0)
}

/// Leases up to `limit` jobs that are due, of the given kinds, to `owner` until `now + lease`. A job whose lease ended
/// is due again.
pub fn claim(
    conn: &mut DbConn,
    owner: &str,
    kinds: &[&str],
    limit: u32,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Vec<Job>, StoreError> {
    let skip_locked = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE SKIP LOCKED",
    };
    let rows: Vec<Row> = Select::new("UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_by = ")
        .text(owner)
        .sql(", due_at = ")
        .number(micros(now + lease))
        .sql(", updated_at = ")
        .number(micros(now))
        .sql(" WHERE id IN (SELECT id FROM jobs WHERE state <> 'dead' AND due_at <= ")
        .number(micros(now))
        .sql(" AND kind IN ")
        .texts(kinds.iter().copied())
        .sql(" ORDER BY due_at, id LIMIT ")
        .number(i64::from(limit))
        .sql(skip_locked)
        .sql(") RETURNING id, kind, payload, attempts, most_attempts, last_error, updated_at")
        .load(conn)?;
    let mut jobs = rows.into_iter().map(job).collect::<Result<Vec<_>, _>>()?;
    jobs.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(jobs)
}

/// Ends a job that is done; one that was asked for again meanwhile is due once more.
pub fn finish(conn: &mut DbConn, id: &JobId, owner: &str) -> Result<(), StoreError> {
    let held =
        || dsl::jobs.filter(dsl::id.eq(id.as_str())).filter(dsl::locked_by.eq(owner)).filter(dsl::state.eq("running"));
    let again = diesel::update(held().filter(dsl::asked_again.ne(0)))
        .set((
            dsl::state.eq("waiting"),
            dsl::due_at.eq(dsl::created_at),
            dsl::locked_by.eq(None::<&str>),
            dsl::attempts.eq(0),
            dsl::asked_again.eq(0),
        ))
        .execute(conn)?;
    // On PostgreSQL somebody may ask between these two.
    let done = diesel::delete(held().filter(dsl::asked_again.eq(0))).execute(conn)?;
    if again + done > 0 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Puts a job back after a failure, later each time and with jitter; after its last attempt it is dead.
pub fn fail(
    conn: &mut DbConn,
    id: &JobId,
    owner: &str,
    error_code: &str,
    now: DateTime<Utc>,
) -> Result<Failed, StoreError> {
    let held =
        || dsl::jobs.filter(dsl::id.eq(id.as_str())).filter(dsl::locked_by.eq(owner)).filter(dsl::state.eq("running"));
    let row: Option<(i32, i32)> = held().select((dsl::attempts, dsl::most_attempts)).first(conn).optional()?;
    let (attempts, most) = row.ok_or(StoreError::Stale)?;
    let dead = attempts >= most;
    let retry_at = now + pause(attempts);
    diesel::update(held())
        .set((
            dsl::state.eq(if dead { "dead" } else { "waiting" }),
            dsl::due_at.eq(micros(retry_at)),
            dsl::locked_by.eq(None::<&str>),
            dsl::last_error.eq(Some(error_code)),
            dsl::updated_at.eq(micros(now)),
        ))
        .execute(conn)?;
    Ok(if dead { Failed::Dead } else { Failed::RetryAt(retry_at) })
}

/// Puts a leased job back without counting the attempt: a worker that stops gives back what it did not begin.
pub fn give_back(conn: &mut DbConn, id: &JobId, owner: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        dsl::jobs.filter(dsl::id.eq(id.as_str())).filter(dsl::locked_by.eq(owner)).filter(dsl::state.eq("running")),
    )
    .set((
        dsl::state.eq("waiting"),
        dsl::due_at.eq(micros(now)),
        dsl::locked_by.eq(None::<&str>),
        dsl::attempts.eq(dsl::attempts - 1),
    ))
    .execute(conn)?;
    Ok(())
}

/// Prolongs the lease of a job that takes long.
pub fn extend(
    conn: &mut DbConn,
    id: &JobId,
    owner: &str,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<(), StoreError> {
    let held = diesel::update(
        dsl::jobs.filter(dsl::id.eq(id.as_str())).filter(dsl::locked_by.eq(owner)).filter(dsl::state.eq("running")),
    )
    .set(dsl::due_at.eq(micros(now + lease)))
    .execute(conn)?;
    if held == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Makes the waiting job of a key due now, whatever pause it rests in.
pub fn make_due(conn: &mut DbConn, kind: &str, dedup_key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        dsl::jobs.filter(dsl::kind.eq(kind)).filter(dsl::dedup_key.eq(dedup_key)).filter(dsl::state.eq("waiting")),
    )
    .set((dsl::due_at.eq(micros(now)), dsl::updated_at.eq(micros(now))))
    .execute(conn)?;
    Ok(())
}

/// Dead jobs, newest first, at most 100.
pub fn list_dead(conn: &mut DbConn) -> Result<Vec<DeadJob>, StoreError> {
    let rows: Vec<Row> = Select::new(
        "SELECT id, kind, payload, attempts, most_attempts, last_error, updated_at FROM jobs WHERE state = 'dead'
         ORDER BY id DESC LIMIT 100",
    )
    .load(conn)?;
    let dead = |row: Row| {
        Ok(DeadJob {
            last_error: row.last_error.clone().unwrap_or_default(),
            died_at: time(row.updated_at)?,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            payload: payload(&row.payload)?,
            id: read(row.id, "jobs.id")?,
            kind: row.kind,
        })
    };
    rows.into_iter().map(dead).collect()
}

/// Makes a dead job due again, with all its attempts.
pub fn restart(conn: &mut DbConn, id: &JobId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let restarted = diesel::update(dsl::jobs.filter(dsl::id.eq(id.as_str())).filter(dsl::state.eq("dead")))
        .set((
            dsl::state.eq("waiting"),
            dsl::due_at.eq(micros(now)),
            dsl::attempts.eq(0),
            dsl::updated_at.eq(micros(now)),
        ))
        .execute(conn)?;
    if restarted == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Jobs that wait or run, for the test kit and the status page.
pub fn count_open(conn: &mut DbConn) -> Result<u64, StoreError> {
    let count: i64 = dsl::jobs.filter(dsl::state.ne("dead")).count().get_result(conn)?;
    crate::columns::number(count, "count")
}

/// The pause after so many attempts: doubling, bounded, and up to a quarter more by chance, so that jobs that failed
/// together do not come back together.
fn pause(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let seconds = (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS);
    Duration::milliseconds(seconds * 1000 + rand::rng().random_range(0..=seconds * 250))
}

fn payload(text: &str) -> Result<serde_json::Value, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column: "jobs.payload" })
}

fn job(row: Row) -> Result<Job, StoreError> {
    Ok(Job {
        payload: payload(&row.payload)?,
        id: read(row.id, "jobs.id")?,
        kind: row.kind,
        attempt: u32::try_from(row.attempts).unwrap_or_default(),
        most_attempts: u32::try_from(row.most_attempts).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;
