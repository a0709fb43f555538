//! End users (R-E1): accounts of customers. They belong to no company, and have nothing in common with a member of staff of
//! the same e-mail address.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::EndUserId;
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;

use crate::columns::{micros, number, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::end_users::dsl;

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
    /// The phone number, a second name to sign in with.
    pub phone: Option<String>,
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

fn end_user(row: Row) -> Result<EndUser, StoreError> {
    Ok(EndUser {
        id: read(row.id, "end_users.id")?,
        name: row.name,
        email: row.email,
        phone: row.phone,
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
