//! Links to a new password that people asked for by mail, members of staff and end users. Only a hash of a link's token is
//! stored; a link is good once.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::panel_accounts::PersonKind;
use siteward_domain::{CompanyId, EndUserId, StaffId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::person::Person;
use crate::select::Select;

#[derive(QueryableByName)]
struct StaffRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct EndUserRow {
    #[diesel(sql_type = Text)]
    id: String,
}

/// The table of links of a kind of person, and its column that says whose they are.
fn links(kind: PersonKind) -> (&'static str, &'static str) {
    match kind {
        PersonKind::Staff => ("password_resets", "staff_id"),
        PersonKind::EndUser => ("end_user_password_resets", "end_user_id"),
    }
}

/// Keeps the hash of a link's token.
pub fn create_reset(
    conn: &mut DbConn,
    token_hash: &str,
    person: impl Into<Person>,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let person = person.into();
    let (table, whose) = links(person.kind());
    Select::new("INSERT INTO ")
        .sql(table)
        .sql(" (token_hash, created_at, expires_at, ")
        .sql(whose)
        .sql(") VALUES (")
        .text(token_hash)
        .sql(", ")
        .number(micros(now))
        .sql(", ")
        .number(micros(expires_at))
        .sql(", ")
        .text(person.as_str())
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// A link that is not used and not over.
fn good(query: Select, token_hash: &str, now: DateTime<Utc>) -> Select {
    query.sql("token_hash = ").text(token_hash).sql(" AND used_at IS NULL AND expires_at > ").number(micros(now))
}

/// Whose password a link of staff sets: none where it was used, is over, or its person may not sign in.
pub fn find_reset(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(CompanyId, StaffId)>, StoreError> {
    let query = "SELECT s.company_id, s.id FROM password_resets r JOIN staff s ON s.id = r.staff_id
                 WHERE s.disabled = false AND r.";
    let rows: Vec<StaffRow> = good(Select::new(query), token_hash, now).sql(" LIMIT 1").load(conn)?;
    let found = |row: StaffRow| Ok((read(row.company_id, "staff.company_id")?, read(row.id, "staff.id")?));
    rows.into_iter().next().map(found).transpose()
}

/// Whose password a link of end users sets: none where it was used or is over.
pub fn find_end_user_reset(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<EndUserId>, StoreError> {
    let query = Select::new("SELECT end_user_id AS id FROM end_user_password_resets WHERE ");
    let rows: Vec<EndUserRow> = good(query, token_hash, now).sql(" LIMIT 1").load(conn)?;
    rows.into_iter().next().map(|row| read(row.id, "end_user_password_resets.end_user_id")).transpose()
}

/// Uses a link up: false where that was done before, at the same instant too.
pub fn use_up(conn: &mut DbConn, kind: PersonKind, token_hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let update = Select::new("UPDATE ").sql(links(kind).0).sql(" SET used_at = ").number(micros(now)).sql(" WHERE ");
    Ok(good(update, token_hash, now).execute(conn)? == 1)
}

/// Voids every link of a person: their password was changed.
pub fn void_resets_of(conn: &mut DbConn, person: impl Into<Person>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let person = person.into();
    let (table, whose) = links(person.kind());
    let update = Select::new("UPDATE ").sql(table).sql(" SET used_at = ").number(micros(now));
    update.sql(" WHERE used_at IS NULL AND ").sql(whose).sql(" = ").text(person.as_str()).execute(conn)?;
    Ok(())
}

/// Forgets links that ended before a time, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut forgotten = 0;
    for kind in PersonKind::ALL.iter().copied() {
        let over = Select::new("DELETE FROM ").sql(links(kind).0).sql(" WHERE expires_at < ").number(micros(before));
        forgotten += over.execute(conn)?;
    }
    Ok(forgotten)
}

#[cfg(test)]
mod tests;
