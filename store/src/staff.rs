//! Staff of companies: the accounts that sign in to the console.
//!
//! Whoever is disabled or deleted loses their sessions, links in mails and held passwords in the same transaction, and
//! their accounts on alarm panels follow (R-S6).

mod admin;
mod leaving;
mod listing;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, RoleId, StaffId};

use crate::columns::{micros, read, read_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::staff::dsl;
use crate::{panels, roles};

pub use admin::hand_over_admin;
pub use leaving::{delete_staff, disable_staff, enable_staff, end_sessions};
pub use listing::{Member, MemberRole, get_member, list_staff};

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
    /// The role; the Installer Admin has none.
    pub role_id: Option<RoleId>,
    /// The language that the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
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
    /// The role; the Installer Admin has none.
    pub role_id: Option<RoleId>,
    /// The language that the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
}

/// What to change of a member of staff; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct StaffChange {
    /// The name.
    pub name: Option<String>,
    /// The role.
    pub role_id: Option<RoleId>,
}

#[derive(Queryable)]
struct Row {
    id: String,
    company_id: String,
    name: String,
    email: String,
    password_hash: String,
    is_admin: bool,
    disabled: bool,
    role_id: Option<String>,
    language: String,
    time_zone: String,
}

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::company_id,
            dsl::name,
            dsl::email,
            dsl::password_hash,
            dsl::is_admin,
            dsl::disabled,
            dsl::role_id,
            dsl::language,
            dsl::time_zone,
        )
    };
}

/// Makes a member of staff. `Duplicate`: `staff_email` or `company_admin`. `NotFound`: the role is gone.
pub fn create_staff(conn: &mut DbConn, new: &NewStaff, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::staff)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::name.eq(&new.name),
            dsl::email.eq(&new.email),
            dsl::email_lower.eq(new.email.to_lowercase()),
            dsl::search.eq(search_text(&new.name, &new.email)),
            dsl::password_hash.eq(&new.password_hash),
            dsl::is_admin.eq(new.is_admin),
            dsl::disabled.eq(false),
            dsl::role_id.eq(new.role_id.as_ref().map(RoleId::as_str)),
            dsl::language.eq(new.language.as_str()),
            dsl::time_zone.eq(&new.time_zone),
            dsl::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    panels::touch_staff(conn, &new.company_id, &new.id, now)
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

/// Changes a member of staff; accounts on alarm panels follow. `Stale`: the Installer Admin gets no role (R-S1). `NotFound`:
/// no such colleague or role.
pub fn update_staff(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    change: &StaffChange,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let staff = get_staff(conn, company, id)?;
    // Panels of the role that goes, and below those of the one that comes.
    panels::touch_staff(conn, company, id, now)?;
    if let Some(name) = &change.name {
        diesel::update(dsl::staff.filter(dsl::id.eq(id.as_str())))
            .set((dsl::name.eq(name), dsl::search.eq(search_text(name, &staff.email))))
            .execute(conn)?;
    }
    if let Some(role) = &change.role_id {
        roles::get_role(conn, company, role)?;
        let given = diesel::update(dsl::staff.filter(dsl::id.eq(id.as_str())).filter(dsl::is_admin.eq(false)))
            .set(dsl::role_id.eq(Some(role.as_str())))
            .execute(conn)?;
        if given == 0 {
            return Err(StoreError::Stale);
        }
    }
    panels::touch_staff(conn, company, id, now)
}

/// Lets a person sign in or not, and nothing else; see [`disable_staff`] and [`enable_staff`].
pub fn set_disabled(conn: &mut DbConn, id: &StaffId, disabled: bool) -> Result<(), StoreError> {
    let changed =
        diesel::update(dsl::staff.filter(dsl::id.eq(id.as_str()))).set(dsl::disabled.eq(disabled)).execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// What staff is searched by, and sorted: the name, then the address.
fn search_text(name: &str, email: &str) -> String {
    format!("{name}\n{email}").to_lowercase()
}

fn record(row: Row) -> Result<StaffRecord, StoreError> {
    Ok(StaffRecord {
        id: read(row.id, "staff.id")?,
        company_id: read(row.company_id, "staff.company_id")?,
        name: row.name,
        email: row.email,
        password_hash: row.password_hash,
        is_admin: row.is_admin,
        disabled: row.disabled,
        role_id: read_or_none(row.role_id, "staff.role_id")?,
        language: word(MailLanguage::from_stored(&row.language), "staff.language")?,
        time_zone: row.time_zone,
    })
}

#[cfg(test)]
mod tests;
