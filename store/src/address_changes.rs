//! End users who want another e-mail address. The address is theirs once the link in the mail to it was opened; only a hash of the
//! link's token is kept, and only the newest link of an account is good.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::EndUserId;

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::end_user_registrations;
use crate::end_users;
use crate::error::StoreError;
use crate::password_resets;
use crate::schema::address_changes::dsl;

/// A change that waits for its link to be opened. No `Debug`: addresses do not belong into logs.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressChange {
    /// Whose.
    pub end_user_id: EndUserId,
    /// The new address.
    pub email: String,
}

/// Keeps a change until `expires_at`; one that the account asked for before is void.
pub fn create(
    conn: &mut DbConn,
    token_hash: &str,
    change: &AddressChange,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    void(conn, &change.end_user_id)?;
    diesel::insert_into(dsl::address_changes)
        .values((
            dsl::token_hash.eq(token_hash),
            dsl::end_user_id.eq(change.end_user_id.as_str()),
            dsl::email.eq(&change.email),
            dsl::created_at.eq(micros(now)),
            dsl::expires_at.eq(micros(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The change of a link that is good at `now`.
pub fn find(conn: &mut DbConn, token_hash: &str, now: DateTime<Utc>) -> Result<Option<AddressChange>, StoreError> {
    let row: Option<(String, String)> = dsl::address_changes
        .select((dsl::end_user_id, dsl::email))
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::expires_at.gt(micros(now)))
        .first(conn)
        .optional()?;
    row.map(|(id, email)| Ok(AddressChange { end_user_id: read(id, "address_changes.end_user_id")?, email }))
        .transpose()
}

/// The account has the new address from now on; links to a new password that went to the old one are void. [`StoreError::NotFound`]: the
/// link is of no use, or was used at the same instant. `Duplicate`: the address has an account meanwhile.
pub fn confirm(conn: &mut DbConn, token_hash: &str, now: DateTime<Utc>) -> Result<AddressChange, StoreError> {
    let change = find(conn, token_hash, now)?.ok_or(StoreError::NotFound)?;
    // Of two at the same instant one takes it away.
    let taken = dsl::address_changes.filter(dsl::token_hash.eq(token_hash));
    if diesel::delete(taken).execute(conn)? == 0 {
        return Err(StoreError::NotFound);
    }
    void(conn, &change.end_user_id)?;
    password_resets::void_resets_of(conn, &change.end_user_id, now)?;
    end_user_registrations::forget(conn, &change.email)?;
    end_users::set_email(conn, &change.end_user_id, &change.email, now)?;
    Ok(change)
}

/// Forgets changes that nobody confirmed in time, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::address_changes.filter(dsl::expires_at.le(micros(now)))).execute(conn)?)
}

fn void(conn: &mut DbConn, end_user: &EndUserId) -> Result<(), StoreError> {
    diesel::delete(dsl::address_changes.filter(dsl::end_user_id.eq(end_user.as_str()))).execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use crate::testing::{at, end_user, on_both};

    const DAY: i64 = 86_400;

    fn ask(store: &Store, id: &EndUserId, token: &str, email: &str) {
        let change = AddressChange { end_user_id: id.clone(), email: email.into() };
        store.write(|conn| create(conn, token, &change, at(0), at(DAY))).unwrap();
    }

    fn confirmed(store: &Store, token: &str, seconds: i64) -> Result<(), StoreError> {
        store.write(|conn| confirm(conn, token, at(seconds))).map(drop)
    }

    #[test]
    fn the_newest_link_changes_the_address_once_and_in_time() {
        on_both(|store| {
            let olga = end_user(store, "olga@example.com");
            ask(store, &olga, "one", "Olga@Work.example");
            ask(store, &olga, "two", "Olga@Home.example");
            assert!(matches!(confirmed(store, "one", 1), Err(StoreError::NotFound)), "there is a newer one");
            assert!(matches!(confirmed(store, "two", DAY), Err(StoreError::NotFound)), "a day has passed");
            confirmed(store, "two", 2).unwrap();
            assert!(matches!(confirmed(store, "two", 3), Err(StoreError::NotFound)), "it is used");
            let found = |email: &str| store.read(|conn| end_users::find_by_email(conn, email)).unwrap();
            assert_eq!(found("olga@home.example").unwrap().email, "Olga@Home.example");
            assert!(found("olga@example.com").is_none());
        });
    }

    #[test]
    fn an_address_that_somebody_has_by_then_is_not_given_twice() {
        on_both(|store| {
            let olga = end_user(store, "olga@example.com");
            ask(store, &olga, "one", "peter@example.com");
            end_user(store, "Peter@example.com");
            assert!(matches!(confirmed(store, "one", 1), Err(StoreError::Duplicate { what: "end_user_email" })));
            assert_eq!(store.read(|conn| end_users::get_end_user(conn, &olga)).unwrap().email, "olga@example.com");
            assert_eq!(store.write(|conn| prune(conn, at(DAY))).unwrap(), 1);
        });
    }
}
