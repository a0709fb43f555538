//! Login passwords on their way to alarm panels (R-A3): held for the moment that a delivery is pending, sealed.
//!
//! The platform knows a password in the open only while its owner signs in or chooses it. Where a panel waits for it just
//! then, it is sealed and kept, the newest of each person only, until every panel has it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};
use secrecy::SecretString;
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::schema::panel_passwords;
use crate::select::Select;
use crate::vault::{Place, SealedText, Vault, VaultError};

/// A login password that waits to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPassword {
    /// Whose company.
    pub company_id: CompanyId,
    /// Which of the person's passwords, see `staff.password_version`.
    pub version: i32,
    /// Sealed, see [`open_held`].
    pub sealed: SealedText,
}

/// Accounts whose person's password, of version `v.version`, is not on the panel yet and is worth a try.
const WAITING: &str = "SELECT 1 FROM panel_accounts a WHERE a.person_kind = 'staff' AND a.person_id = v.staff_id
    AND a.state IN ('adding', 'waiting_for_sign_in', 'there', 'refused')
    AND (a.password_version IS NULL OR a.password_version < v.version)
    AND (a.refused_version IS NULL OR a.refused_version < v.version)";

/// Where a held password stands, for the vault.
fn place<'a>(company: &'a CompanyId, staff: &'a StaffId) -> Place<'a> {
    Place { table: "panel_passwords", column: "sealed", row: staff.as_str(), company: company.as_str() }
}

/// Whether panels wait for the password that a person has now, and it is not held already.
pub fn wanted(conn: &mut DbConn, id: &StaffId) -> Result<bool, StoreError> {
    Ok(wanted_version(conn, id)?.is_some())
}

fn wanted_version(conn: &mut DbConn, id: &StaffId) -> Result<Option<i32>, StoreError> {
    let rows: Vec<WantedRow> = Select::new(
        "SELECT v.version FROM (SELECT id AS staff_id, password_version AS version FROM staff WHERE id = ",
    )
    .text(id.as_str())
    .sql(") v WHERE EXISTS (")
    .sql(WAITING)
    .sql(") AND NOT EXISTS (SELECT 1 FROM panel_passwords p WHERE p.staff_id = v.staff_id AND p.version >= v.version)")
    .load(conn)?;
    Ok(rows.first().map(|row| row.version))
}

/// Keeps a person's password, sealed, until their panels have it; of two the newer one stays. Makes the panels due.
pub fn hold(
    conn: &mut DbConn,
    vault: &Vault,
    company: &CompanyId,
    id: &StaffId,
    version: i32,
    password: &SecretString,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = vault.seal(place(company, id), password)?;
    sql_query(
        "INSERT INTO panel_passwords (staff_id, company_id, version, sealed, held_since) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (staff_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,
         held_since = excluded.held_since WHERE panel_passwords.version < excluded.version",
    )
    .bind::<Text, _>(id.as_str())
    .bind::<Text, _>(company.as_str())
    .bind::<Integer, _>(version)
    .bind::<Text, _>(sealed.as_str())
    .bind::<BigInt, _>(micros(now))
    .execute(conn)?;
    panels::touch_staff(conn, company, id, now)
}

/// [`hold`]s the password with which a person has just signed in, where panels wait for it.
pub fn hold_if_wanted(
    conn: &mut DbConn,
    vault: &Vault,
    company: &CompanyId,
    id: &StaffId,
    password: &SecretString,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(version) = wanted_version(conn, id)? else { return Ok(()) };
    hold(conn, vault, company, id, version, password, now)
}

/// The password of a person that waits to be delivered, if one does.
pub fn find(conn: &mut DbConn, id: &StaffId) -> Result<Option<HeldPassword>, StoreError> {
    let row: Option<(String, i32, String)> = panel_passwords::table
        .select((panel_passwords::company_id, panel_passwords::version, panel_passwords::sealed))
        .filter(panel_passwords::staff_id.eq(id.as_str()))
        .first(conn)
        .optional()?;
    row.map(|(company, version, sealed)| {
        let company_id = read(company, "panel_passwords.company_id")?;
        Ok(HeldPassword { company_id, version, sealed: SealedText::from_stored(sealed) })
    })
    .transpose()
}

/// Opens a held password.
pub fn open_held(
    vault: &Vault,
    company: &CompanyId,
    id: &StaffId,
    sealed: &SealedText,
) -> Result<SecretString, VaultError> {
    vault.open(place(company, id), sealed)
}

/// Erases what no panel waits for any more; gives how many.
pub fn erase_delivered(conn: &mut DbConn) -> Result<usize, StoreError> {
    Select::new("DELETE FROM panel_passwords AS v WHERE NOT EXISTS (").sql(WAITING).sql(")").execute(conn)
}

/// Erases a person's held password: they may not sign in any more, or it is not their password any more.
pub fn erase_of(conn: &mut DbConn, id: &StaffId) -> Result<(), StoreError> {
    diesel::delete(panel_passwords::table.filter(panel_passwords::staff_id.eq(id.as_str()))).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct WantedRow {
    #[diesel(sql_type = Integer)]
    version: i32,
}

#[cfg(test)]
mod tests;
