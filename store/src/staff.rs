//! Staff of companies: the accounts that sign in to the console.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::staff::dsl;

/// A member of staff to make.
#[derive(Clone)]
pub struct NewStaff {
    /// Its id.
    pub id: StaffId,
    /// The company.
    pub company_id: CompanyId,
    /// The person's name.
    pub name: String,
    /// The e-mail address, as typed; unique on the server in lower case.
    pub email: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
    /// Whether it is the Installer Admin: one a company (R-S1), else `Duplicate { what: "company_admin" }`.
    pub is_admin: bool,
}

/// A member of staff as stored. No `Debug`: it holds a password hash.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRecord {
    /// The id.
    pub id: StaffId,
    /// The company.
    pub company_id: CompanyId,
    /// The person's name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
    /// Whether it is the Installer Admin.
    pub is_admin: bool,
    /// Whether it may not sign in.
    pub disabled: bool,
}

type Row = (String, String, String, String, String, bool, bool);

macro_rules! columns {
    () => {
        (dsl::id, dsl::company_id, dsl::name, dsl::email, dsl::password_hash, dsl::is_admin, dsl::disabled)
    };
}

/// Makes a member of staff. `Duplicate`: `staff_email` or `company_admin`.
pub fn create_staff(conn: &mut DbConn, new: &NewStaff, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::staff)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::name.eq(&new.name),
            dsl::email.eq(&new.email),
            dsl::email_lower.eq(new.email.to_lowercase()),
            dsl::password_hash.eq(&new.password_hash),
            dsl::is_admin.eq(new.is_admin),
            dsl::disabled.eq(false),
            dsl::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Finds by e-mail address, in any case.
pub fn find_by_email(conn: &mut DbConn, email: &str) -> Result<Option<StaffRecord>, StoreError> {
    let row: Option<Row> =
        dsl::staff.select(columns!()).filter(dsl::email_lower.eq(email.to_lowercase())).first(conn).optional()?;
    row.map(record).transpose()
}

/// One member of a company's staff.
pub fn get_staff(conn: &mut DbConn, company: &CompanyId, id: &StaffId) -> Result<StaffRecord, StoreError> {
    let row: Row = dsl::staff
        .select(columns!())
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::id.eq(id.as_str()))
        .first(conn)?;
    record(row)
}

/// The Installer Admin of a company, where it has one who may sign in.
pub fn find_admin(conn: &mut DbConn, company: &CompanyId) -> Result<Option<StaffRecord>, StoreError> {
    let row: Option<Row> = dsl::staff
        .select(columns!())
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::is_admin.eq(true))
        .filter(dsl::disabled.eq(false))
        .first(conn)
        .optional()?;
    row.map(record).transpose()
}

/// Replaces the password hash. End the person's sessions in the same transaction (T15).
pub fn set_password_hash(conn: &mut DbConn, id: &StaffId, hash: &str) -> Result<(), StoreError> {
    let changed =
        diesel::update(dsl::staff.filter(dsl::id.eq(id.as_str()))).set(dsl::password_hash.eq(hash)).execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Lets a person sign in or not. End the person's sessions in the same transaction (T15).
pub fn set_disabled(conn: &mut DbConn, id: &StaffId, disabled: bool) -> Result<(), StoreError> {
    let changed =
        diesel::update(dsl::staff.filter(dsl::id.eq(id.as_str()))).set(dsl::disabled.eq(disabled)).execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

fn record((id, company_id, name, email, password_hash, is_admin, disabled): Row) -> Result<StaffRecord, StoreError> {
    Ok(StaffRecord {
        id: read(id, "staff.id")?,
        company_id: read(company_id, "staff.company_id")?,
        name,
        email,
        password_hash,
        is_admin,
        disabled,
    })
}
