//! Refused sign-ins and the locks they lead to (R-S7, T14). They survive a restart.
//!
//! The account key is a hash of the lower-cased e-mail address, whether there is such an account or not (T13).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use crate::columns::{micros, number, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{sign_in_failures, sign_in_locks};

/// Notes a refused sign-in.
pub fn record_failure(
    conn: &mut DbConn,
    account_key: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(sign_in_failures::table)
        .values((
            sign_in_failures::account_key.eq(account_key),
            sign_in_failures::address.eq(address),
            sign_in_failures::at.eq(micros(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Refused sign-ins of an account since `since`.
pub fn failures_since(conn: &mut DbConn, account_key: &str, since: DateTime<Utc>) -> Result<u64, StoreError> {
    let count: i64 = sign_in_failures::table
        .filter(sign_in_failures::account_key.eq(account_key))
        .filter(sign_in_failures::at.ge(micros(since)))
        .count()
        .get_result(conn)?;
    number(count, "count")
}

/// Refused sign-ins from an address, of whatever account, since `since`.
pub fn failures_from(conn: &mut DbConn, address: &str, since: DateTime<Utc>) -> Result<u64, StoreError> {
    let count: i64 = sign_in_failures::table
        .filter(sign_in_failures::address.eq(address))
        .filter(sign_in_failures::at.ge(micros(since)))
        .count()
        .get_result(conn)?;
    number(count, "count")
}

/// Until when an account is locked, if it is at `now`.
pub fn locked_until(
    conn: &mut DbConn,
    account_key: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let until: Option<i64> = sign_in_locks::table
        .select(sign_in_locks::until_at)
        .filter(sign_in_locks::account_key.eq(account_key))
        .filter(sign_in_locks::until_at.gt(micros(now)))
        .first(conn)
        .optional()?;
    time_or_none(until)
}

/// When the last lock of an account ends or ended, as long as it is remembered.
pub fn last_lock(conn: &mut DbConn, account_key: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let until: Option<i64> = sign_in_locks::table
        .select(sign_in_locks::until_at)
        .filter(sign_in_locks::account_key.eq(account_key))
        .first(conn)
        .optional()?;
    time_or_none(until)
}

/// Locks an account until a time.
pub fn lock(conn: &mut DbConn, account_key: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
    sql_query(
        "INSERT INTO sign_in_locks (account_key, until_at) VALUES ($1, $2)
         ON CONFLICT (account_key) DO UPDATE SET until_at = excluded.until_at",
    )
    .bind::<Text, _>(account_key)
    .bind::<BigInt, _>(micros(until))
    .execute(conn)?;
    Ok(())
}

/// Forgets failures and lock of an account: after a good sign-in, or by an administrator.
pub fn clear(conn: &mut DbConn, account_key: &str) -> Result<(), StoreError> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::account_key.eq(account_key))).execute(conn)?;
    diesel::delete(sign_in_locks::table.filter(sign_in_locks::account_key.eq(account_key))).execute(conn)?;
    Ok(())
}

/// Forgets failures and locks that ended before `before`, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let failures = diesel::delete(sign_in_failures::table.filter(sign_in_failures::at.lt(micros(before))));
    let failures = failures.execute(conn)?;
    let locks =
        diesel::delete(sign_in_locks::table.filter(sign_in_locks::until_at.lt(micros(before)))).execute(conn)?;
    Ok(failures + locks)
}

#[cfg(test)]
mod tests;
