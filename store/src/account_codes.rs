//! QR codes with which end users show who they are (R-E6): a random token, known by its hash alone, for ten minutes.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::EndUserId;

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    end_user_id: String,
}

/// Keeps a code of somebody until `expires_at`. Those that they have are good until their own time.
pub fn create(
    conn: &mut DbConn,
    token_hash: &str,
    end_user: &EndUserId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("INSERT INTO account_codes (token_hash, end_user_id, created_at, expires_at) VALUES (")
        .text(token_hash)
        .sql(", ")
        .text(end_user.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(", ")
        .number(micros(expires_at))
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// Whose a token is that is good at `now`.
pub fn find(conn: &mut DbConn, token_hash: &str, now: DateTime<Utc>) -> Result<Option<EndUserId>, StoreError> {
    let rows: Vec<Row> = Select::new("SELECT end_user_id FROM account_codes WHERE token_hash = ")
        .text(token_hash)
        .sql(" AND expires_at > ")
        .number(micros(now))
        .load(conn)?;
    rows.into_iter().next().map(|row| read(row.end_user_id, "account_codes.end_user_id")).transpose()
}

/// Forgets codes whose time is over; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM account_codes WHERE expires_at <= ").number(micros(now)).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, count_rows, end_user, on_both};

    #[test]
    fn a_code_tells_whose_it_is_until_its_time_is_over() {
        on_both(|store| {
            let eva = end_user(store, "eva@example.org");
            store.write(|conn| create(conn, "hash", &eva, at(0), at(600))).unwrap();
            let whose = |hash: &str, seconds| store.read(|conn| find(conn, hash, at(seconds))).unwrap();
            assert_eq!(whose("hash", 599), Some(eva.clone()));
            assert_eq!(whose("hash", 600), None);
            assert_eq!(whose("other", 0), None);
            assert_eq!(store.write(|conn| prune(conn, at(599))).unwrap(), 0);
            assert_eq!(store.write(|conn| prune(conn, at(600))).unwrap(), 1);
            assert_eq!(store.read(|conn| count_rows(conn, "account_codes")).unwrap(), 0);
        });
    }
}
