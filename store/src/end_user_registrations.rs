//! Who asked for an account of an end user and has not shown yet that the address is theirs. Only a hash of the token in the
//! mail is stored; whoever opens its link first has the account.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::EndUserId;
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;

use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::end_users::{NewEndUser, create_end_user};
use crate::error::StoreError;
use crate::schema::end_user_registrations::dsl;

/// A registration that waits for its mail to be read. No `Debug`: it holds a password hash.
#[derive(Clone)]
pub struct Registration {
    /// The person's name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The region.
    pub region: Region,
    /// The language that the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
}

type Row = (String, String, String, String, String, String);

/// Keeps a registration until `expires_at`.
pub fn create_registration(
    conn: &mut DbConn,
    token_hash: &str,
    new: &Registration,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(dsl::end_user_registrations)
        .values((
            dsl::token_hash.eq(token_hash),
            dsl::name.eq(&new.name),
            dsl::email.eq(&new.email),
            dsl::email_lower.eq(new.email.to_lowercase()),
            dsl::region.eq(new.region.as_str()),
            dsl::language.eq(new.language.as_str()),
            dsl::time_zone.eq(&new.time_zone),
            dsl::password_hash.eq(&new.password_hash),
            dsl::created_at.eq(micros(now)),
            dsl::expires_at.eq(micros(expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The registration of a link that is good at `now`.
pub fn find_registration(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Registration>, StoreError> {
    let row: Option<Row> = dsl::end_user_registrations
        .select((dsl::name, dsl::email, dsl::region, dsl::language, dsl::time_zone, dsl::password_hash))
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::expires_at.gt(micros(now)))
        .first(conn)
        .optional()?;
    row.map(|(name, email, region, language, time_zone, password_hash)| {
        Ok(Registration {
            name,
            email,
            region: read(region, "end_user_registrations.region")?,
            language: word(MailLanguage::from_stored(&language), "end_user_registrations.language")?,
            time_zone,
            password_hash,
        })
    })
    .transpose()
}

/// Makes the account of a link, and voids all other registrations of its address. [`StoreError::NotFound`]: the link is of no
/// use, or was used at the same instant. `Duplicate`: the address has an account meanwhile.
pub fn confirm(conn: &mut DbConn, token_hash: &str, id: &EndUserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let registration = find_registration(conn, token_hash, now)?.ok_or(StoreError::NotFound)?;
    // Of two at the same instant one takes it away.
    let taken = dsl::end_user_registrations.filter(dsl::token_hash.eq(token_hash));
    if diesel::delete(taken).execute(conn)? == 0 {
        return Err(StoreError::NotFound);
    }
    forget(conn, &registration.email)?;
    let new = NewEndUser {
        id: id.clone(),
        name: registration.name,
        email: registration.email,
        region: registration.region,
        language: registration.language,
        time_zone: registration.time_zone,
        password_hash: registration.password_hash,
    };
    create_end_user(conn, &new, now)
}

/// Voids every registration of an address: it has an account.
pub fn forget(conn: &mut DbConn, email: &str) -> Result<(), StoreError> {
    let of_address = dsl::end_user_registrations.filter(dsl::email_lower.eq(email.to_lowercase()));
    diesel::delete(of_address).execute(conn)?;
    Ok(())
}

/// Forgets registrations that nobody confirmed in time, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::end_user_registrations.filter(dsl::expires_at.le(micros(now)))).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use crate::end_users::find_by_email;
    use crate::testing::{at, end_user, on_both};

    fn register(store: &Store, token: &str, email: &str) {
        let new = Registration {
            name: "Olga".into(),
            email: email.into(),
            region: Region::parse("DE").unwrap(),
            language: MailLanguage::Ru,
            time_zone: "Europe/Berlin".into(),
            password_hash: format!("hash of {token}"),
        };
        store.write(|conn| create_registration(conn, token, &new, at(0), at(86_400))).unwrap();
    }

    fn confirmed(store: &Store, token: &str, seconds: i64) -> Result<(), StoreError> {
        store.write(|conn| confirm(conn, token, &EndUserId::generate(at(seconds)), at(seconds)))
    }

    #[test]
    fn a_link_makes_the_account_once_and_voids_the_others_of_its_address() {
        on_both(|store| {
            register(store, "one", "Olga@example.com");
            register(store, "two", "olga@example.com");
            assert!(matches!(confirmed(store, "one", 86_400), Err(StoreError::NotFound)), "a day has passed");
            confirmed(store, "one", 10).unwrap();
            let made = store.read(|conn| find_by_email(conn, "olga@example.com")).unwrap().unwrap();
            assert_eq!((made.password_hash.as_str(), made.language), ("hash of one", MailLanguage::Ru));
            for token in ["one", "two", "three"] {
                assert!(matches!(confirmed(store, token, 11), Err(StoreError::NotFound)), "{token}");
            }
        });
    }

    #[test]
    fn of_two_clicks_at_once_one_makes_the_account() {
        on_both(|store| {
            register(store, "one", "olga@example.com");
            let made: usize = std::thread::scope(|threads| {
                let clicks: Vec<_> = (0..6).map(|n| threads.spawn(move || confirmed(store, "one", n))).collect();
                clicks.into_iter().map(|click| usize::from(click.join().unwrap().is_ok())).sum()
            });
            assert_eq!(made, 1);
        });
    }

    #[test]
    fn an_address_that_got_an_account_meanwhile_gets_no_second_one() {
        on_both(|store| {
            register(store, "one", "olga@example.com");
            end_user(store, "olga@example.com");
            assert!(matches!(confirmed(store, "one", 1), Err(StoreError::Duplicate { what: "end_user_email" })));
            assert_eq!(store.write(|conn| prune(conn, at(86_399))).unwrap(), 0);
            assert_eq!(store.write(|conn| prune(conn, at(86_400))).unwrap(), 1);
        });
    }
}
