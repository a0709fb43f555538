//! Phone numbers of end users, confirmed with a code that goes there in a text message (R-E1). A number that was confirmed is its
//! owner's alone: whoever signed in with it before does so no more.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::EndUserId;
use siteward_domain::end_user::PHONE_CODE_TRIES;

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::end_users::leave_offers_to;
use crate::error::StoreError;
use crate::select::Select;
use crate::sent_codes::{ONE_TRY_LESS, SentCode, Try};

/// A code that goes to a number.
#[derive(Debug, Clone)]
pub struct NewPhoneCode {
    /// Whose number it is to be.
    pub end_user_id: EndUserId,
    /// The number, as accounts hold it.
    pub phone: String,
    /// The hash of the code.
    pub code_hash: String,
    /// Until when it is good.
    pub code_until: DateTime<Utc>,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneConfirmed {
    /// The number is theirs. `lost_by`: who signed in with it until now.
    Yes {
        /// The account, where there was one.
        lost_by: Option<EndUserId>,
    },
    /// The code is another.
    Wrong {
        /// How often they may try yet.
        left: u32,
    },
    /// There is no code that is still good.
    Over,
}

#[derive(QueryableByName)]
struct CodeRow {
    #[diesel(sql_type = Text)]
    phone: String,
    #[diesel(embed)]
    code: SentCode,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Remembers a code; the one before is of no use any more.
pub fn create(conn: &mut DbConn, new: &NewPhoneCode) -> Result<(), StoreError> {
    Select::new("INSERT INTO phone_codes (end_user_id, phone, code_hash, code_until, tries_left) VALUES (")
        .text(new.end_user_id.as_str())
        .sql(", ")
        .text(&new.phone)
        .sql(", ")
        .text(&new.code_hash)
        .sql(", ")
        .number(micros(new.code_until))
        .sql(", ")
        .number(PHONE_CODE_TRIES)
        .sql(
            ") ON CONFLICT (end_user_id) DO UPDATE SET phone = excluded.phone, code_hash = excluded.code_hash,
             code_until = excluded.code_until, tries_left = excluded.tries_left",
        )
        .execute(conn)?;
    Ok(())
}

/// Takes a code. One that is right is used up, as is one that was wrong too often.
pub fn confirm(
    conn: &mut DbConn,
    end_user: &EndUserId,
    code_hash: &str,
    now: DateTime<Utc>,
) -> Result<PhoneConfirmed, StoreError> {
    let rows: Vec<CodeRow> = Select::new("UPDATE phone_codes SET ")
        .sql(ONE_TRY_LESS)
        .sql(" WHERE end_user_id = ")
        .text(end_user.as_str())
        .sql(" RETURNING phone, code_hash, code_until, tries_left")
        .load(conn)?;
    let Some(CodeRow { phone, code }) = rows.into_iter().next() else { return Ok(PhoneConfirmed::Over) };
    let tried = code.compare(code_hash, now);
    if let Try::Wrong(left) = tried {
        return Ok(PhoneConfirmed::Wrong { left });
    }
    forget(conn, end_user)?;
    match tried {
        Try::Right => give(conn, end_user, &phone, now).map(|lost_by| PhoneConfirmed::Yes { lost_by }),
        Try::Wrong(_) | Try::Over => Ok(PhoneConfirmed::Over),
    }
}

/// The number is somebody's from now on; gives who had it before.
fn give(
    conn: &mut DbConn,
    end_user: &EndUserId,
    phone: &str,
    now: DateTime<Utc>,
) -> Result<Option<EndUserId>, StoreError> {
    leave_offers_to(conn, phone)?;
    let lost: Vec<IdRow> = Select::new("UPDATE end_users SET phone = NULL, phone_confirmed_at = NULL WHERE phone = ")
        .text(phone)
        .sql(" AND id <> ")
        .text(end_user.as_str())
        .sql(" RETURNING id")
        .load(conn)?;
    Select::new("UPDATE end_users SET phone_confirmed_at = ")
        .number(micros(now))
        .sql(", phone = ")
        .text(phone)
        .sql(", phone_given = ")
        .text(phone)
        .sql(" WHERE id = ")
        .text(end_user.as_str())
        .execute(conn)?;
    lost.into_iter().next().map(|row| read(row.id, "end_users.id")).transpose()
}

fn forget(conn: &mut DbConn, end_user: &EndUserId) -> Result<(), StoreError> {
    Select::new("DELETE FROM phone_codes WHERE end_user_id = ").text(end_user.as_str()).execute(conn)?;
    Ok(())
}

/// Whose number it was shown to be.
pub fn find_owner(conn: &mut DbConn, phone: &str) -> Result<Option<EndUserId>, StoreError> {
    let rows: Vec<IdRow> = Select::new("SELECT id FROM end_users WHERE phone_confirmed_at IS NOT NULL AND phone = ")
        .text(phone)
        .load(conn)?;
    rows.into_iter().next().map(|row| read(row.id, "end_users.id")).transpose()
}

/// Forgets codes that are good no more; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM phone_codes WHERE code_until <= ").number(micros(now)).execute(conn)
}

#[cfg(test)]
mod tests;
