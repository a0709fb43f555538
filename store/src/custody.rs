//! Who serves a site (R-G6, R-T5): its owner takes it away from a company, another one serves it from then on, and when the owner
//! deletes their account it goes back to the company that installed it, or its devices become free.
//!
//! Everything that hangs on a site names its company, so that nobody else ever reads it by mistake. Changing the company
//! is therefore one transaction that moves all of it (`moving`). A site that no company serves is kept by a company that
//! stands in for none and for which nobody works: its devices are polled, and nobody but the owner sees them.

mod founding;
mod leaving;
mod moving;
mod rental;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::json;
use siteward_domain::custody::Rental;
use siteward_domain::event::EventKind;
use siteward_domain::handover::Asks;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, EndUserId, SiteId};

use crate::access_log::{self, Actor, NewEntry};
use crate::columns::{micros, read, read_or_none, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::exception_rules;
use crate::grants;
use crate::select::Select;
use crate::sites;
use crate::vault::Vault;

pub use founding::found_unserved;
pub use leaving::{Parting, Released, release};
pub use rental::{agree_to_rental, ask_for_rental, end_rental, set_suspended, withdraw_rental};

/// Who has to do with a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custody {
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// The company that serves it; `None`: none does.
    pub company: Option<CompanyId>,
    /// Its owner, once it was handed over.
    pub owner: Option<EndUserId>,
    /// Since when.
    pub owned_since: Option<DateTime<Utc>>,
    /// The company that installed it, once it was handed over.
    pub installed_by: Option<CompanyId>,
    /// Since when no company serves it.
    pub unserved_since: Option<DateTime<Utc>>,
    /// Whether its company may disable the customer's use.
    pub rental: Rental,
    /// Since when the customer's use is disabled.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// The row, with the company that its other rows name.
struct Held {
    custody: Custody,
    named: CompanyId,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    owner_id: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    owned_since: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    installed_by: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    unserved_since: Option<i64>,
    #[diesel(sql_type = Text)]
    rental: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    suspended_at: Option<i64>,
}

/// Who has to do with a site. [`StoreError::NotFound`] where it is gone.
pub fn get(conn: &mut DbConn, site: &SiteId) -> Result<Custody, StoreError> {
    load(conn, site, "").map(|held| held.custody)
}

/// The owner takes a site away from the company that serves it, which is told who it was. Its devices go on being polled, for the owner.
/// [`StoreError::Stale`] where it has no owner, no company, or the customer's use is disabled just now.
pub fn take_away(
    conn: &mut DbConn,
    vault: &Vault,
    site: &SiteId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<CompanyId, StoreError> {
    let held = lock(conn, site)?;
    let custody = &held.custody;
    if custody.owner.is_none() || custody.company.is_none() || custody.suspended_at.is_some() {
        return Err(StoreError::Stale);
    }
    let company = held.named;
    leaving::part(conn, &company, site, now)?;
    let keeper = keeper(conn, &company, site, now)?;
    moving::move_site(conn, vault, site, &company, &keeper, now)?;
    set(conn, site, SiteStatus::NotAuthorized, Some(now), now)?;
    tell(conn, &company, site, EventKind::SiteTakenAway, by, named(custody), now)?;
    note(conn, &company, site, "site_taken_away", by, json!({}), now)?;
    Ok(company)
}

/// Why a company cannot begin to serve a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotServed {
    /// It has no owner who could let it.
    NoOwner,
    /// The company serves it already.
    Already,
    /// The company that serves it has paused the owner's use.
    Suspended,
}

/// Holds a site and says whether a company may begin to serve it. [`StoreError::NotFound`] where it is gone.
pub fn may_serve(conn: &mut DbConn, site: &SiteId, company: &CompanyId) -> Result<Result<(), NotServed>, StoreError> {
    Ok(hindrance(&lock(conn, site)?, company).map_or(Ok(()), Err))
}

fn hindrance(held: &Held, company: &CompanyId) -> Option<NotServed> {
    if held.custody.owner.is_none() {
        Some(NotServed::NoOwner)
    } else if held.named == *company {
        Some(NotServed::Already)
    } else {
        held.custody.suspended_at.map(|_| NotServed::Suspended)
    }
}

/// A company serves a site from now on, after its owner agreed, and may do there what `granted` names. Gives the company that served
/// it until now, if one did. [`StoreError::Stale`] where it has no owner, this company serves it already, or the customer's use is disabled ([`may_serve`] tells which);
/// `Duplicate` where the company has one of its devices on another site.
pub fn serve(
    conn: &mut DbConn,
    vault: &Vault,
    site: &SiteId,
    company: &CompanyId,
    granted: &Asks,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<CompanyId>, StoreError> {
    let held = lock(conn, site)?;
    if hindrance(&held, company).is_some() {
        return Err(StoreError::Stale);
    }
    let custody = &held.custody;
    let before = &held.named;
    if custody.company.is_some() {
        leaving::part(conn, before, site, now)?;
        tell(conn, before, site, EventKind::SiteTakenAway, by, named(custody), now)?;
        note(conn, before, site, "site_taken_away", by, json!({}), now)?;
    }
    leaving::end_wishes(conn, site, company, now)?;
    moving::move_site(conn, vault, site, before, company, now)?;
    set(conn, site, SiteStatus::NotAuthorized, None, now)?;
    exception_rules::create_usual(conn, company, site, now)?;
    grants::give(conn, company, site, granted, now)?;
    tell(conn, company, site, EventKind::SiteServed, by, named(custody), now)?;
    note(conn, company, site, "site_served", by, json!({ "granted": granted }), now)?;
    Ok(custody.company.clone())
}

/// The sites that an end user owns.
pub fn owned_sites(conn: &mut DbConn, owner: &EndUserId) -> Result<Vec<Custody>, StoreError> {
    let rows: Vec<Row> =
        Select::new(SELECT).sql("s.owner_id = ").text(owner.as_str()).sql(" ORDER BY s.id LIMIT 10000").load(conn)?;
    rows.into_iter().map(|row| row.read().map(|held| held.custody)).collect()
}

/// The names of companies, for showing them; a company that is gone is left out.
pub fn names_of(conn: &mut DbConn, companies: &[CompanyId]) -> Result<HashMap<CompanyId, String>, StoreError> {
    let rows: Vec<NameRow> = Select::new("SELECT id, name FROM companies WHERE keeps_site IS NULL AND id IN ")
        .texts(companies.iter().map(CompanyId::as_str))
        .sql(" ORDER BY id")
        .load(conn)?;
    rows.into_iter().map(|row| Ok((read(row.id, "companies.id")?, row.name))).collect()
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
}

const SELECT: &str =
    "SELECT s.id, s.name, s.company_id, s.owner_id, s.owned_since, s.installed_by, s.unserved_since, s.rental, s.suspended_at
    FROM sites s WHERE s.closing_at IS NULL AND ";

impl Row {
    fn read(self) -> Result<Held, StoreError> {
        let named: CompanyId = read(self.company_id, "sites.company_id")?;
        let unserved_since = time_or_none(self.unserved_since)?;
        let custody = Custody {
            site_id: read(self.id, "sites.id")?,
            site_name: self.name,
            company: unserved_since.is_none().then(|| named.clone()),
            owner: read_or_none(self.owner_id, "sites.owner_id")?,
            owned_since: time_or_none(self.owned_since)?,
            installed_by: read_or_none(self.installed_by, "sites.installed_by")?,
            unserved_since,
            rental: word(Rental::from_stored(&self.rental), "sites.rental")?,
            suspended_at: time_or_none(self.suspended_at)?,
        };
        Ok(Held { custody, named })
    }
}

/// The site, kept from others who would change whose it is until the commit.
fn lock(conn: &mut DbConn, site: &SiteId) -> Result<Held, StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE",
    };
    load(conn, site, lock)
}

fn load(conn: &mut DbConn, site: &SiteId, lock: &str) -> Result<Held, StoreError> {
    let rows: Vec<Row> = Select::new(SELECT).sql("s.id = ").text(site.as_str()).sql(lock).load(conn)?;
    rows.into_iter().next().ok_or(StoreError::NotFound)?.read()
}

/// The company that stands in for none and keeps this site; its id is the site's.
fn keeper(conn: &mut DbConn, company: &CompanyId, site: &SiteId, now: DateTime<Utc>) -> Result<CompanyId, StoreError> {
    Select::new("INSERT INTO companies (id, name, region, public_url, created_at, keeps_site) SELECT ")
        .text(site.as_str())
        .sql(", '-', c.region, c.public_url, ")
        .sql(&micros(now).to_string())
        .sql(", ")
        .text(site.as_str())
        .sql(" FROM companies c WHERE c.id = ")
        .text(company.as_str())
        .sql(" ON CONFLICT (id) DO NOTHING")
        .execute(conn)?;
    read(site.to_string(), "sites.id")
}

/// What events tell of a site that changes hands.
fn named(custody: &Custody) -> serde_json::Value {
    json!({ "name": custody.site_name })
}

/// Where a site stands after it changed hands; who has an account on its panels follows.
fn set(
    conn: &mut DbConn,
    site: &SiteId,
    status: SiteStatus,
    unserved_since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let update = Select::new("UPDATE sites SET rental = 'none', suspended_at = NULL, unserved_since = ");
    match unserved_since {
        Some(since) => update.number(micros(since)),
        None => update.sql("NULL"),
    }
    .sql(" WHERE id = ")
    .text(site.as_str())
    .execute(conn)?;
    let named = load(conn, site, "")?.named;
    sites::set_status(conn, &named, site, status, now)
}

fn tell(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    kind: EventKind,
    by: &Actor,
    data: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let actor = match by {
        Actor::Staff(id) => format!("staff:{id}"),
        Actor::EndUser(id) => format!("end_user:{id}"),
        Actor::Platform => "system".to_owned(),
    };
    let event = NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: None,
        kind,
        actor,
        at: now,
        data,
    };
    events::append(conn, &event)
}

fn note(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    action: &str,
    by: &Actor,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let entry = NewEntry {
        site_id: site.clone(),
        actor: by.clone(),
        company: Some(company.clone()),
        action,
        device: None,
        detail,
    };
    access_log::append(conn, &entry, now)
}

#[cfg(test)]
mod tests;
