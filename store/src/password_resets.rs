//! Links to a new password that people asked for by mail. Only a hash of a link's token is stored; a link is good once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{password_resets, staff};

/// Keeps the hash of a link's token.
pub fn create_reset(
    conn: &mut DbConn,
    token_hash: &str,
    id: &StaffId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(password_resets::table)
        .values((
            password_resets::token_hash.eq(token_hash),
            password_resets::staff_id.eq(id.as_str()),
            password_resets::created_at.eq(micros(now)),
            password_resets::expires_at.eq(micros(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whose password a link sets: none where it was used, is over, or its person may not sign in.
pub fn find_reset(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(CompanyId, StaffId)>, StoreError> {
    let row: Option<(String, String)> = password_resets::table
        .inner_join(staff::table.on(staff::id.eq(password_resets::staff_id)))
        .select((staff::company_id, staff::id))
        .filter(password_resets::token_hash.eq(token_hash))
        .filter(password_resets::used_at.is_null())
        .filter(password_resets::expires_at.gt(micros(now)))
        .filter(staff::disabled.eq(false))
        .first(conn)
        .optional()?;
    row.map(|(company, id)| Ok((read(company, "staff.company_id")?, read(id, "password_resets.staff_id")?))).transpose()
}

/// Uses a link up: false where that was done before, at the same instant too.
pub fn use_up(conn: &mut DbConn, token_hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let used = diesel::update(
        password_resets::table
            .filter(password_resets::token_hash.eq(token_hash))
            .filter(password_resets::used_at.is_null())
            .filter(password_resets::expires_at.gt(micros(now))),
    )
    .set(password_resets::used_at.eq(Some(micros(now))))
    .execute(conn)?;
    Ok(used == 1)
}

/// Voids every link of a person: their password was changed.
pub fn void_resets_of(conn: &mut DbConn, id: &StaffId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        password_resets::table
            .filter(password_resets::staff_id.eq(id.as_str()))
            .filter(password_resets::used_at.is_null()),
    )
    .set(password_resets::used_at.eq(Some(micros(now))))
    .execute(conn)?;
    Ok(())
}

/// Forgets links that ended before a time, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(password_resets::table.filter(password_resets::expires_at.lt(micros(before)))).execute(conn)?)
}

#[cfg(test)]
mod tests;
