//! The second factor of a person's sign-in: a sealed seed, the last code that was taken, and recovery codes as hashes.
//!
//! A code is good once, whoever asks at the same instant: [`take_step`] and [`take_recovery_code`] are one conditional
//! update each, which of two transactions only one finds undone.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use secrecy::SecretString;
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, number, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{recovery_codes, staff};
use crate::store::Store;
use crate::vault::{Place, SealedText, VaultError};

/// The second factor of a person, begun or confirmed. No `Debug` needed: the seed is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The sealed seed, see [`open_seed`].
    pub sealed_seed: SealedText,
    /// Since when codes are asked for; `None`: the person has not shown a first code yet, and none is asked for.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The time step of the last code that was taken.
    pub last_step: Option<i64>,
}

/// What a person's own page tells of their second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoFactorStatus {
    /// Since when it is on; `None`: it is off.
    pub since: Option<DateTime<Utc>>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

/// The place of a person's seed in the vault.
fn place<'a>(company: &'a CompanyId, staff: &'a StaffId) -> Place<'a> {
    Place { table: "staff", column: "sealed_totp", row: staff.as_str(), company: company.as_str() }
}

/// Seals a seed for [`begin`].
pub fn seal_seed(
    store: &Store,
    company: &CompanyId,
    staff: &StaffId,
    seed: &SecretString,
) -> Result<SealedText, VaultError> {
    store.vault().seal(place(company, staff), seed)
}

/// Opens a person's seed.
pub fn open_seed(
    store: &Store,
    company: &CompanyId,
    staff: &StaffId,
    sealed: &SealedText,
) -> Result<SecretString, VaultError> {
    store.vault().open(place(company, staff), sealed)
}

/// The second factor of a person, where one is begun or on.
pub fn find_second_factor(conn: &mut DbConn, id: &StaffId) -> Result<Option<SecondFactor>, StoreError> {
    let row: Option<(Option<String>, Option<i64>, Option<i64>)> = staff::table
        .select((staff::sealed_totp, staff::totp_confirmed_at, staff::totp_last_step))
        .filter(staff::id.eq(id.as_str()))
        .first(conn)
        .optional()?;
    let Some((Some(sealed), confirmed_at, last_step)) = row else { return Ok(None) };
    let sealed_seed = SealedText::from_stored(sealed);
    Ok(Some(SecondFactor { sealed_seed, confirmed_at: time_or_none(confirmed_at)?, last_step }))
}

/// What to tell a person of their second factor.
pub fn status_of(conn: &mut DbConn, id: &StaffId) -> Result<TwoFactorStatus, StoreError> {
    let since = find_second_factor(conn, id)?.and_then(|factor| factor.confirmed_at);
    let left: i64 = recovery_codes::table
        .filter(recovery_codes::staff_id.eq(id.as_str()))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(TwoFactorStatus { since, recovery_codes_left: number(left, "count")? })
}

/// Keeps a seed that is not asked for until it is confirmed; replaces one that was not. `Stale` where a factor is on.
pub fn begin(conn: &mut DbConn, id: &StaffId, sealed_seed: &SealedText) -> Result<(), StoreError> {
    let begun =
        diesel::update(staff::table.filter(staff::id.eq(id.as_str())).filter(staff::totp_confirmed_at.is_null()))
            .set((staff::sealed_totp.eq(Some(sealed_seed.as_str())), staff::totp_last_step.eq(None::<i64>)))
            .execute(conn)?;
    if begun == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Turns the factor on whose first code, of time step `step`, was right, with new recovery codes. `Stale` where another
/// seed was begun meanwhile, or one is on.
pub fn confirm(
    conn: &mut DbConn,
    id: &StaffId,
    sealed_seed: &SealedText,
    step: i64,
    code_hashes: &[String],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let confirmed = diesel::update(
        staff::table
            .filter(staff::id.eq(id.as_str()))
            .filter(staff::totp_confirmed_at.is_null())
            .filter(staff::sealed_totp.eq(Some(sealed_seed.as_str()))),
    )
    .set((staff::totp_confirmed_at.eq(Some(micros(now))), staff::totp_last_step.eq(Some(step))))
    .execute(conn)?;
    if confirmed == 0 {
        return Err(StoreError::Stale);
    }
    replace_recovery_codes(conn, id, code_hashes)
}

/// Takes the code of a time step: false where that one or a later one was taken before, or the factor is not on.
pub fn take_step(conn: &mut DbConn, id: &StaffId, step: i64) -> Result<bool, StoreError> {
    let taken = diesel::update(
        staff::table
            .filter(staff::id.eq(id.as_str()))
            .filter(staff::totp_confirmed_at.is_not_null())
            .filter(staff::totp_last_step.is_null().or(staff::totp_last_step.lt(step))),
    )
    .set(staff::totp_last_step.eq(Some(step)))
    .execute(conn)?;
    Ok(taken == 1)
}

/// Takes a recovery code: false where it is none, or was taken before.
pub fn take_recovery_code(
    conn: &mut DbConn,
    id: &StaffId,
    code_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let taken = diesel::update(
        recovery_codes::table
            .filter(recovery_codes::staff_id.eq(id.as_str()))
            .filter(recovery_codes::code_hash.eq(code_hash))
            .filter(recovery_codes::used_at.is_null()),
    )
    .set(recovery_codes::used_at.eq(Some(micros(now))))
    .execute(conn)?;
    Ok(taken == 1)
}

/// Whether a recovery code would be taken now.
pub fn is_recovery_code(conn: &mut DbConn, id: &StaffId, code_hash: &str) -> Result<bool, StoreError> {
    let found: Option<String> = recovery_codes::table
        .select(recovery_codes::code_hash)
        .filter(recovery_codes::staff_id.eq(id.as_str()))
        .filter(recovery_codes::code_hash.eq(code_hash))
        .filter(recovery_codes::used_at.is_null())
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Voids all recovery codes of a person and keeps these.
pub fn replace_recovery_codes(conn: &mut DbConn, id: &StaffId, code_hashes: &[String]) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::staff_id.eq(id.as_str()))).execute(conn)?;
    for hash in code_hashes {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::staff_id.eq(id.as_str()), recovery_codes::code_hash.eq(hash)))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes the factor away with its recovery codes, begun or on; false where it was not on.
pub fn take_away(conn: &mut DbConn, id: &StaffId) -> Result<bool, StoreError> {
    let on = find_second_factor(conn, id)?.is_some_and(|factor| factor.confirmed_at.is_some());
    diesel::update(staff::table.filter(staff::id.eq(id.as_str())))
        .set((
            staff::sealed_totp.eq(None::<&str>),
            staff::totp_confirmed_at.eq(None::<i64>),
            staff::totp_last_step.eq(None::<i64>),
        ))
        .execute(conn)?;
    replace_recovery_codes(conn, id, &[])?;
    Ok(on)
}

#[cfg(test)]
mod tests;
