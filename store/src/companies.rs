//! Companies: the tenants.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::CompanyId;
use siteward_domain::company::{AppHint, Company, Region};

use crate::columns::{micros, number, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::roles;
use crate::schema::companies::dsl;

/// A company to make.
#[derive(Debug, Clone)]
pub struct NewCompany {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its region, fixed from now on.
    pub region: Region,
    /// The address under which people reach this server.
    pub public_url: String,
}

/// What to change of a company; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct CompanyChange {
    /// The name.
    pub name: Option<String>,
    /// The public address.
    pub public_url: Option<String>,
    /// The age limit of export QRs; `Some(None)` takes it away.
    pub qr_age_limit_days: Option<Option<u32>>,
    /// Which app end users need; `Some(None)` takes it away.
    pub app_hint: Option<Option<AppHint>>,
    /// Whether everybody needs a second factor.
    pub two_factor_required: Option<bool>,
}

type Row = (String, String, String, String, Option<i32>, Option<String>, bool);

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::name,
            dsl::region,
            dsl::public_url,
            dsl::qr_age_limit_days,
            dsl::app_hint,
            dsl::two_factor_required,
        )
    };
}

/// Makes a company, with the roles that every company begins with.
pub fn create_company(conn: &mut DbConn, new: &NewCompany, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::companies)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::name.eq(&new.name),
            dsl::region.eq(new.region.as_str()),
            dsl::public_url.eq(&new.public_url),
            dsl::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    roles::create_default_roles(conn, &new.id, now)
}

/// Makes the first company of this server, or says [`StoreError::Stale`] when there is one already: of two set-ups at
/// the same instant exactly one wins, on both databases.
pub fn create_first_company(conn: &mut DbConn, new: &NewCompany, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        diesel::sql_query("LOCK TABLE companies IN SHARE ROW EXCLUSIVE MODE").execute(conn)?;
    }
    if any_company(conn)? {
        return Err(StoreError::Stale);
    }
    create_company(conn, new, now)
}

/// Whether there is a company: the set-up is open only while there is none.
pub fn any_company(conn: &mut DbConn) -> Result<bool, StoreError> {
    let first: Option<String> = dsl::companies.select(dsl::id).order(dsl::id).limit(1).first(conn).optional()?;
    Ok(first.is_some())
}

/// Whether it is the first company of this server: the one that set it up, and sets what all of them share.
pub fn is_first_company(conn: &mut DbConn, id: &CompanyId) -> Result<bool, StoreError> {
    let first: Option<String> =
        dsl::companies.select(dsl::id).order((dsl::created_at, dsl::id)).limit(1).first(conn).optional()?;
    Ok(first.as_deref() == Some(id.as_str()))
}

/// A company by its id.
pub fn find_company(conn: &mut DbConn, id: &CompanyId) -> Result<Option<Company>, StoreError> {
    let row: Option<Row> = dsl::companies.select(columns!()).filter(dsl::id.eq(id.as_str())).first(conn).optional()?;
    row.map(company).transpose()
}

/// The oldest company of this server, where there is one: its public address stands in mails that belong to no company.
pub fn find_oldest(conn: &mut DbConn) -> Result<Option<Company>, StoreError> {
    let row: Option<Row> =
        dsl::companies.select(columns!()).order((dsl::created_at, dsl::id)).limit(1).first(conn).optional()?;
    row.map(company).transpose()
}

/// Every company that somebody works for, oldest first, at most 1,000.
pub fn list_companies(conn: &mut DbConn) -> Result<Vec<Company>, StoreError> {
    let rows: Vec<Row> =
        dsl::companies.select(columns!()).filter(dsl::keeps_site.is_null()).order(dsl::id).limit(1000).load(conn)?;
    rows.into_iter().map(company).collect()
}

/// Changes a company and gives it as it now is.
pub fn update_company(conn: &mut DbConn, id: &CompanyId, change: &CompanyChange) -> Result<Company, StoreError> {
    let mut company = find_company(conn, id)?.ok_or(StoreError::NotFound)?;
    if let Some(name) = &change.name {
        company.name.clone_from(name);
    }
    if let Some(url) = &change.public_url {
        company.public_url.clone_from(url);
    }
    if let Some(days) = change.qr_age_limit_days {
        company.qr_age_limit_days = days;
    }
    if let Some(hint) = &change.app_hint {
        company.app_hint.clone_from(hint);
    }
    company.two_factor_required = change.two_factor_required.unwrap_or(company.two_factor_required);
    let unwritable = |_| StoreError::Unreadable { column: "companies.app_hint" };
    let hint = company.app_hint.as_ref().map(serde_json::to_string).transpose().map_err(unwritable)?;
    let days = company.qr_age_limit_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX));
    diesel::update(dsl::companies.filter(dsl::id.eq(id.as_str())))
        .set((
            dsl::name.eq(&company.name),
            dsl::public_url.eq(&company.public_url),
            dsl::qr_age_limit_days.eq(days),
            dsl::app_hint.eq(hint),
            dsl::two_factor_required.eq(company.two_factor_required),
        ))
        .execute(conn)?;
    Ok(company)
}

fn company((id, name, region, public_url, days, hint, two_factor_required): Row) -> Result<Company, StoreError> {
    Ok(Company {
        id: read(id, "companies.id")?,
        name,
        region: read(region, "companies.region")?,
        public_url,
        qr_age_limit_days: days.map(|days| number(days, "companies.qr_age_limit_days")).transpose()?,
        app_hint: hint
            .map(|hint| serde_json::from_str(&hint))
            .transpose()
            .map_err(|_| StoreError::Unreadable { column: "companies.app_hint" })?,
        two_factor_required,
    })
}
