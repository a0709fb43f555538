//! The second factor of a person's sign-in: a sealed seed, the last code that was taken, and recovery codes as hashes.
//!
//! A code is good once, whoever asks at the same instant: [`take_step`] and [`take_recovery_code`] are one conditional
//! update each, which of two transactions only one finds undone.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use secrecy::SecretString;
use siteward_domain::CompanyId;

use crate::columns::{micros, number, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::person::Person;
use crate::select::Select;
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

/// The place of a person's seed in the vault. End users have no company.
fn place<'a>(company: Option<&'a CompanyId>, person: &'a Person) -> Place<'a> {
    let company = company.map_or("", CompanyId::as_str);
    Place { table: person.table(), column: "sealed_totp", row: person.as_str(), company }
}

/// Seals a seed for [`begin`].
pub fn seal_seed<'a>(
    store: &Store,
    company: impl Into<Option<&'a CompanyId>>,
    person: impl Into<Person>,
    seed: &SecretString,
) -> Result<SealedText, VaultError> {
    store.vault().seal(place(company.into(), &person.into()), seed)
}

/// Opens a person's seed.
pub fn open_seed<'a>(
    store: &Store,
    company: impl Into<Option<&'a CompanyId>>,
    person: impl Into<Person>,
    sealed: &SealedText,
) -> Result<SecretString, VaultError> {
    store.vault().open(place(company.into(), &person.into()), sealed)
}

#[derive(QueryableByName)]
struct FactorRow {
    #[diesel(sql_type = Nullable<Text>)]
    sealed_totp: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    totp_confirmed_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    totp_last_step: Option<i64>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The second factor of a person, where one is begun or on.
pub fn find_second_factor(conn: &mut DbConn, person: impl Into<Person>) -> Result<Option<SecondFactor>, StoreError> {
    let person = person.into();
    let query = Select::new("SELECT sealed_totp, totp_confirmed_at, totp_last_step FROM ").sql(person.table());
    let rows: Vec<FactorRow> = query.sql(" WHERE id = ").text(person.as_str()).load(conn)?;
    let Some(FactorRow { sealed_totp: Some(sealed), totp_confirmed_at, totp_last_step }) = rows.into_iter().next()
    else {
        return Ok(None);
    };
    let sealed_seed = SealedText::from_stored(sealed);
    Ok(Some(SecondFactor { sealed_seed, confirmed_at: time_or_none(totp_confirmed_at)?, last_step: totp_last_step }))
}

/// What to tell a person of their second factor.
pub fn status_of(conn: &mut DbConn, person: impl Into<Person>) -> Result<TwoFactorStatus, StoreError> {
    let person = person.into();
    let since = find_second_factor(conn, &person)?.and_then(|factor| factor.confirmed_at);
    let (table, whose) = person.recovery_codes();
    let query = Select::new("SELECT count(*) AS count FROM ").sql(table).sql(" WHERE used_at IS NULL AND ").sql(whose);
    let rows: Vec<Count> = query.sql(" = ").text(person.as_str()).load(conn)?;
    Ok(TwoFactorStatus { since, recovery_codes_left: number(rows.first().map_or(0, |row| row.count), "count")? })
}

/// Keeps a seed that is not asked for until it is confirmed; replaces one that was not. `Stale` where a factor is on.
pub fn begin(conn: &mut DbConn, person: impl Into<Person>, sealed_seed: &SealedText) -> Result<(), StoreError> {
    let person = person.into();
    let begun = Select::new("UPDATE ")
        .sql(person.table())
        .sql(" SET totp_last_step = NULL, sealed_totp = ")
        .text(sealed_seed.as_str())
        .sql(" WHERE totp_confirmed_at IS NULL AND id = ")
        .text(person.as_str())
        .execute(conn)?;
    if begun == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Turns the factor on whose first code, of time step `step`, was right, with new recovery codes. `Stale` where another
/// seed was begun meanwhile, or one is on.
pub fn confirm(
    conn: &mut DbConn,
    person: impl Into<Person>,
    sealed_seed: &SealedText,
    step: i64,
    code_hashes: &[String],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let person = person.into();
    let confirmed = Select::new("UPDATE ")
        .sql(person.table())
        .sql(" SET totp_confirmed_at = ")
        .number(micros(now))
        .sql(", totp_last_step = ")
        .number(step)
        .sql(" WHERE totp_confirmed_at IS NULL AND sealed_totp = ")
        .text(sealed_seed.as_str())
        .sql(" AND id = ")
        .text(person.as_str())
        .execute(conn)?;
    if confirmed == 0 {
        return Err(StoreError::Stale);
    }
    replace_recovery_codes(conn, &person, code_hashes)
}

/// Takes the code of a time step: false where that one or a later one was taken before, or the factor is not on.
pub fn take_step(conn: &mut DbConn, person: impl Into<Person>, step: i64) -> Result<bool, StoreError> {
    let person = person.into();
    let taken = Select::new("UPDATE ")
        .sql(person.table())
        .sql(" SET totp_last_step = ")
        .number(step)
        .sql(" WHERE totp_confirmed_at IS NOT NULL AND (totp_last_step IS NULL OR totp_last_step < ")
        .number(step)
        .sql(") AND id = ")
        .text(person.as_str())
        .execute(conn)?;
    Ok(taken == 1)
}

/// Takes a recovery code: false where it is none, or was taken before.
pub fn take_recovery_code(
    conn: &mut DbConn,
    person: impl Into<Person>,
    code_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let person = person.into();
    let (table, whose) = person.recovery_codes();
    let update = Select::new("UPDATE ").sql(table).sql(" SET used_at = ").number(micros(now));
    let unused = update.sql(" WHERE used_at IS NULL AND code_hash = ").text(code_hash).sql(" AND ").sql(whose);
    Ok(unused.sql(" = ").text(person.as_str()).execute(conn)? == 1)
}

/// Whether a recovery code would be taken now.
pub fn is_recovery_code(conn: &mut DbConn, person: impl Into<Person>, code_hash: &str) -> Result<bool, StoreError> {
    let person = person.into();
    let (table, whose) = person.recovery_codes();
    let query = Select::new("SELECT count(*) AS count FROM ").sql(table).sql(" WHERE used_at IS NULL AND code_hash = ");
    let rows: Vec<Count> = query.text(code_hash).sql(" AND ").sql(whose).sql(" = ").text(person.as_str()).load(conn)?;
    Ok(rows.first().is_some_and(|row| row.count > 0))
}

/// Voids all recovery codes of a person and keeps these.
pub fn replace_recovery_codes(
    conn: &mut DbConn,
    person: impl Into<Person>,
    code_hashes: &[String],
) -> Result<(), StoreError> {
    let person = person.into();
    let (table, whose) = person.recovery_codes();
    let all = Select::new("DELETE FROM ").sql(table).sql(" WHERE ").sql(whose).sql(" = ").text(person.as_str());
    all.execute(conn)?;
    for hash in code_hashes {
        let insert = Select::new("INSERT INTO ").sql(table).sql(" (").sql(whose).sql(", code_hash) VALUES (");
        insert.text(person.as_str()).sql(", ").text(hash).sql(")").execute(conn)?;
    }
    Ok(())
}

/// Takes the factor away with its recovery codes, begun or on; false where it was not on.
pub fn take_away(conn: &mut DbConn, person: impl Into<Person>) -> Result<bool, StoreError> {
    let person = person.into();
    let on = find_second_factor(conn, &person)?.is_some_and(|factor| factor.confirmed_at.is_some());
    Select::new("UPDATE ")
        .sql(person.table())
        .sql(" SET sealed_totp = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE id = ")
        .text(person.as_str())
        .execute(conn)?;
    replace_recovery_codes(conn, &person, &[])?;
    Ok(on)
}

#[cfg(test)]
mod tests;
