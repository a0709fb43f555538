//! End users (R-E1): accounts of customers. They belong to no company, and have nothing in common with a member of staff of
//! the same e-mail address.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::EndUserId;
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;

use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::schema::end_users::dsl;
use crate::select::Select;
use crate::shares;

/// An end user to make. No `Debug`: it holds a password hash.
#[derive(Clone)]
pub struct NewEndUser {
    /// The id.
    pub id: EndUserId,
    /// The person's name.
    pub name: String,
    /// The e-mail address, unique on this server among end users in any case.
    pub email: String,
    /// The region; what is shared stays within one.
    pub region: Region,
    /// The language that the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
}

/// An end user as stored. No `Debug`: it holds a password hash.
#[derive(Clone, PartialEq, Eq)]
pub struct EndUser {
    /// The id.
    pub id: EndUserId,
    /// The person's name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The phone number where it is a second name to sign in with: where nobody else had given it before.
    pub phone: Option<String>,
    /// The phone number that they gave.
    pub phone_given: Option<String>,
    /// When they showed by a code that `phone` is theirs.
    pub phone_confirmed_at: Option<DateTime<Utc>>,
    /// The region.
    pub region: Region,
    /// The language that the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
    /// Rises with every change of the password.
    pub password_version: u32,
    /// Since when there is the account.
    pub created_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct Row {
    id: String,
    name: String,
    email: String,
    phone: Option<String>,
    phone_given: Option<String>,
    phone_confirmed_at: Option<i64>,
    region: String,
    language: String,
    time_zone: String,
    password_hash: String,
    password_version: i32,
    created_at: i64,
}

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::name,
            dsl::email,
            dsl::phone,
            dsl::phone_given,
            dsl::phone_confirmed_at,
            dsl::region,
            dsl::language,
            dsl::time_zone,
            dsl::password_hash,
            dsl::password_version,
            dsl::created_at,
        )
    };
}

/// Makes an end user. `Duplicate`: `end_user_email`.
pub fn create_end_user(conn: &mut DbConn, new: &NewEndUser, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::end_users)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::name.eq(&new.name),
            dsl::email.eq(&new.email),
            dsl::email_lower.eq(new.email.to_lowercase()),
            dsl::region.eq(new.region.as_str()),
            dsl::language.eq(new.language.as_str()),
            dsl::time_zone.eq(&new.time_zone),
            dsl::password_hash.eq(&new.password_hash),
            dsl::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Finds by e-mail address, in any case.
pub fn find_by_email(conn: &mut DbConn, email: &str) -> Result<Option<EndUser>, StoreError> {
    let row: Option<Row> =
        dsl::end_users.select(columns!()).filter(dsl::email_lower.eq(email.to_lowercase())).first(conn).optional()?;
    row.map(end_user).transpose()
}

/// Finds by phone number, as it is stored.
pub fn find_by_phone(conn: &mut DbConn, phone: &str) -> Result<Option<EndUser>, StoreError> {
    let row: Option<Row> =
        dsl::end_users.select(columns!()).filter(dsl::phone.eq(Some(phone))).first(conn).optional()?;
    row.map(end_user).transpose()
}

/// One end user; [`StoreError::NotFound`] where there is none of this id.
pub fn get_end_user(conn: &mut DbConn, id: &EndUserId) -> Result<EndUser, StoreError> {
    let row: Row = dsl::end_users.select(columns!()).filter(dsl::id.eq(id.as_str())).first(conn)?;
    end_user(row)
}

/// What to change of an end user; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct EndUserChange {
    /// The name.
    pub name: Option<String>,
    /// The region.
    pub region: Option<Region>,
    /// The language that the person reads.
    pub language: Option<MailLanguage>,
    /// The IANA name of the person's time zone.
    pub time_zone: Option<String>,
    /// The phone number; `Some(None)` takes it away.
    pub phone: Option<Option<String>>,
}

/// Changes an end user; their accounts on alarm panels follow, and with another region their shares across regions end. A phone number that somebody else signs in with is taken all the same, and
/// signs nobody else in: that it is somebody's is told to nobody. `Duplicate`: `end_user_phone`, where two give one at the same instant;
/// call it again in a new transaction.
pub fn update_end_user(
    conn: &mut DbConn,
    id: &EndUserId,
    change: &EndUserChange,
    now: DateTime<Utc>,
) -> Result<EndUser, StoreError> {
    let mut end_user = get_end_user(conn, id)?;
    let moved = change.region.as_ref().is_some_and(|region| *region != end_user.region);
    if moved {
        shares::hold_sites_around(conn, id)?;
    }
    let renamed = change.name.as_ref().is_some_and(|name| *name != end_user.name);
    if let Some(name) = &change.name {
        end_user.name.clone_from(name);
    }
    if let Some(region) = &change.region {
        end_user.region.clone_from(region);
    }
    if let Some(zone) = &change.time_zone {
        end_user.time_zone.clone_from(zone);
    }
    if let Some(phone) = &change.phone {
        let has_other = match phone {
            Some(number) => find_by_phone(conn, number)?.is_some_and(|other| other.id != *id),
            None => false,
        };
        end_user.phone_given.clone_from(phone);
        let before = std::mem::replace(&mut end_user.phone, phone.clone().filter(|_| !has_other));
        if end_user.phone != before
            && end_user.phone_confirmed_at.take().is_some()
            && let Some(number) = &before
        {
            leave_offers_to(conn, number)?;
        }
    }
    // Else what a code has confirmed meanwhile stays.
    let phone = change.phone.as_ref().map(|_| {
        (
            dsl::phone.eq(&end_user.phone),
            dsl::phone_given.eq(&end_user.phone_given),
            dsl::phone_confirmed_at.eq(end_user.phone_confirmed_at.map(micros)),
        )
    });
    end_user.language = change.language.unwrap_or(end_user.language);
    diesel::update(dsl::end_users.filter(dsl::id.eq(id.as_str())))
        .set((
            dsl::name.eq(&end_user.name),
            dsl::region.eq(end_user.region.as_str()),
            dsl::language.eq(end_user.language.as_str()),
            dsl::time_zone.eq(&end_user.time_zone),
            phone,
        ))
        .execute(conn)?;
    if renamed {
        panels::touch_end_user(conn, id, now)?;
    }
    if moved {
        shares::end_across_regions(conn, id, now)?;
    }
    Ok(end_user)
}

/// Gives an end user another e-mail address, which was shown to be theirs; their accounts on alarm panels follow. `Duplicate`:
/// `end_user_email`.
pub fn set_email(conn: &mut DbConn, id: &EndUserId, email: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let changed = diesel::update(dsl::end_users.filter(dsl::id.eq(id.as_str())))
        .set((dsl::email.eq(email), dsl::email_lower.eq(email.to_lowercase())))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    panels::touch_end_user(conn, id, now)
}

/// What was offered to a number is nobody's until somebody shows that it is theirs (again).
pub(crate) fn leave_offers_to(conn: &mut DbConn, phone: &str) -> Result<(), StoreError> {
    Select::new(
        "UPDATE share_offers SET receiver_id = NULL WHERE way = 'account' AND state = 'pending' AND receiver_login = ",
    )
    .text(phone)
    .execute(conn)?;
    Ok(())
}

/// Deletes an end user with their sessions, codes and links. What they own must have been let go before.
pub fn delete_end_user(conn: &mut DbConn, id: &EndUserId) -> Result<(), StoreError> {
    // What was offered to their address looks as it would had it never had an account.
    Select::new("UPDATE share_offers SET receiver_id = NULL WHERE way = 'account' AND receiver_id = ")
        .text(id.as_str())
        .execute(conn)?;
    let deleted = diesel::delete(dsl::end_users.filter(dsl::id.eq(id.as_str()))).execute(conn)?;
    if deleted == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

fn end_user(row: Row) -> Result<EndUser, StoreError> {
    Ok(EndUser {
        id: read(row.id, "end_users.id")?,
        name: row.name,
        email: row.email,
        phone: row.phone,
        phone_given: row.phone_given,
        phone_confirmed_at: time_or_none(row.phone_confirmed_at)?,
        region: read(row.region, "end_users.region")?,
        language: word(MailLanguage::from_stored(&row.language), "end_users.language")?,
        time_zone: row.time_zone,
        password_hash: row.password_hash,
        password_version: number(row.password_version, "end_users.password_version")?,
        created_at: time(row.created_at)?,
    })
}

#[cfg(test)]
mod tests;
