//! Login passwords on their way to alarm panels (R-A3): held for the moment that a delivery is pending, sealed.
//!
//! The platform knows a password in the open only while its owner signs in or chooses it. Where a panel waits for it just
//! then, it is sealed and kept, the newest of each person only, until every panel has it. So it is for staff and for end users.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use secrecy::SecretString;
use siteward_domain::panel_accounts::PersonKind;
use siteward_domain::{CompanyId, EndUserId, StaffId};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::select::Select;
use crate::vault::{Place, SealedText, Vault, VaultError};

/// Whose password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<'a> {
    /// A member of a company's staff.
    Staff(&'a CompanyId, &'a StaffId),
    /// An end user.
    EndUser(&'a EndUserId),
}

impl Holder<'_> {
    fn kind(&self) -> PersonKind {
        match self {
            Self::Staff(..) => PersonKind::Staff,
            Self::EndUser(_) => PersonKind::EndUser,
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Staff(_, id) => id.as_str(),
            Self::EndUser(id) => id.as_str(),
        }
    }

    fn company(&self) -> Option<&CompanyId> {
        match self {
            Self::Staff(company, _) => Some(company),
            Self::EndUser(_) => None,
        }
    }

    /// Where their held password stands, for the vault.
    fn place(&self) -> Place<'_> {
        let company = self.company().map_or("", CompanyId::as_str);
        Place { table: "panel_passwords", column: "sealed", row: self.id(), company }
    }

    /// Where the version of their password stands.
    fn table(&self) -> &'static str {
        match self {
            Self::Staff(..) => "staff",
            Self::EndUser(_) => "end_users",
        }
    }
}

/// A login password that waits to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPassword {
    /// Which of the person's passwords, see `staff.password_version` and `end_users.password_version`.
    pub version: i32,
    /// Sealed, see [`open_held`].
    pub sealed: SealedText,
}

/// Accounts whose person's password, of version `v.version`, is not on the panel yet and is worth a try.
const WAITING: &str = "SELECT 1 FROM panel_accounts a WHERE a.person_kind = v.person_kind AND a.person_id = v.person_id
    AND a.state IN ('adding', 'waiting_for_sign_in', 'there', 'refused')
    AND (a.password_version IS NULL OR a.password_version < v.version)
    AND (a.refused_version IS NULL OR a.refused_version < v.version)";

/// Whether panels wait for the password that a person has now, and it is not held already.
pub fn wanted(conn: &mut DbConn, holder: Holder<'_>) -> Result<bool, StoreError> {
    Ok(wanted_version(conn, holder)?.is_some())
}

fn wanted_version(conn: &mut DbConn, holder: Holder<'_>) -> Result<Option<i32>, StoreError> {
    let rows: Vec<WantedRow> = Select::new("SELECT v.version FROM (SELECT '")
        .sql(holder.kind().as_str())
        .sql("' AS person_kind, id AS person_id, password_version AS version FROM ")
        .sql(holder.table())
        .sql(" WHERE id = ")
        .text(holder.id())
        .sql(") v WHERE EXISTS (")
        .sql(WAITING)
        .sql(
            ") AND NOT EXISTS (SELECT 1 FROM panel_passwords p WHERE p.person_kind = v.person_kind
             AND p.person_id = v.person_id AND p.version >= v.version)",
        )
        .load(conn)?;
    Ok(rows.first().map(|row| row.version))
}

/// Keeps a person's password, sealed, until their panels have it; of two the newer one stays. Makes the panels due.
pub fn hold(
    conn: &mut DbConn,
    vault: &Vault,
    holder: Holder<'_>,
    version: i32,
    password: &SecretString,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = vault.seal(holder.place(), password)?;
    let insert = Select::new(
        "INSERT INTO panel_passwords (person_kind, person_id, company_id, version, sealed, held_since) VALUES (",
    )
    .text(holder.kind().as_str())
    .sql(", ")
    .text(holder.id());
    let insert = match holder.company() {
        Some(company) => insert.sql(", ").text(company.as_str()),
        None => insert.sql(", NULL"),
    };
    insert
        .sql(", ")
        .number(version.into())
        .sql(", ")
        .text(sealed.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(
            ") ON CONFLICT (person_kind, person_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,
             held_since = excluded.held_since WHERE panel_passwords.version < excluded.version",
        )
        .execute(conn)?;
    match holder {
        Holder::Staff(company, id) => panels::touch_staff(conn, company, id, now),
        Holder::EndUser(id) => panels::touch_end_user(conn, id, now),
    }
}

/// [`hold`]s the password with which a person has just signed in, where panels wait for it.
pub fn hold_if_wanted(
    conn: &mut DbConn,
    vault: &Vault,
    holder: Holder<'_>,
    password: &SecretString,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(version) = wanted_version(conn, holder)? else { return Ok(()) };
    hold(conn, vault, holder, version, password, now)
}

/// The password of a person that waits to be delivered, if one does.
pub fn find(conn: &mut DbConn, holder: Holder<'_>) -> Result<Option<HeldPassword>, StoreError> {
    let rows: Vec<HeldRow> = Select::new("SELECT version, sealed FROM panel_passwords WHERE person_kind = ")
        .text(holder.kind().as_str())
        .sql(" AND person_id = ")
        .text(holder.id())
        .load(conn)?;
    let held = |row: HeldRow| HeldPassword { version: row.version, sealed: SealedText::from_stored(row.sealed) };
    Ok(rows.into_iter().next().map(held))
}

/// Opens a held password.
pub fn open_held(vault: &Vault, holder: Holder<'_>, sealed: &SealedText) -> Result<SecretString, VaultError> {
    vault.open(holder.place(), sealed)
}

/// Erases what no panel waits for any more; gives how many.
pub fn erase_delivered(conn: &mut DbConn) -> Result<usize, StoreError> {
    Select::new("DELETE FROM panel_passwords AS v WHERE NOT EXISTS (").sql(WAITING).sql(")").execute(conn)
}

/// Erases a person's held password: they may not sign in any more, or it is not their password any more.
pub fn erase_of(conn: &mut DbConn, holder: Holder<'_>) -> Result<(), StoreError> {
    Select::new("DELETE FROM panel_passwords WHERE person_kind = ")
        .text(holder.kind().as_str())
        .sql(" AND person_id = ")
        .text(holder.id())
        .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct WantedRow {
    #[diesel(sql_type = Integer)]
    version: i32,
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    sealed: String,
}

#[cfg(test)]
mod tests;
