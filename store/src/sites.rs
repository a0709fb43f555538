//! Sites: customer places (R-T1 to R-T6).

mod closing;
mod holding;
mod listing;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, SiteId};

use crate::changes;
use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::exception_rules;
use crate::mails;
use crate::panels;
use crate::schema::sites::dsl;
use crate::tellings;

pub(crate) use closing::delete_closed;
pub use holding::{hold_site, hold_sites, hold_sites_of};
pub use listing::{DeviceCounts, SiteFilter, SiteSummary, count_devices, list_sites};

/// A site to make; its status is *not invited*.
#[derive(Debug, Clone)]
pub struct NewSite {
    /// Its id.
    pub id: SiteId,
    /// The company.
    pub company_id: CompanyId,
    /// Its name, unique in the company in any case.
    pub name: String,
    /// Its address, may be empty.
    pub address: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Whether time and time zone are written to the devices (R-T2).
    pub sync_time: bool,
}

/// What to change of a site; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct SiteChange {
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// The time zone.
    pub time_zone: Option<String>,
    /// Whether time is written to the devices.
    pub sync_time: Option<bool>,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// The company.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its address, may be empty.
    pub address: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Whether time and time zone are written to the devices.
    pub sync_time: bool,
    /// Where it stands between installer and owner.
    pub status: SiteStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

type Row = (String, String, String, String, String, bool, String, i64);

/// Makes a site with the rule that it begins with (R-H4). `Duplicate { what: "site_name" }` when the company has one of that name (R-T1).
pub fn create_site(conn: &mut DbConn, new: &NewSite, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::sites)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::name.eq(&new.name),
            dsl::name_lower.eq(new.name.to_lowercase()),
            dsl::address.eq(&new.address),
            dsl::search.eq(search_text(&new.name, &new.address)),
            dsl::time_zone.eq(&new.time_zone),
            dsl::sync_time.eq(new.sync_time),
            dsl::status.eq(SiteStatus::NotInvited.as_str()),
            dsl::created_at.eq(micros(now)),
            dsl::updated_at.eq(micros(now)),
        ))
        .execute(conn)?;
    exception_rules::create_usual(conn, &new.company_id, &new.id, now)
}

/// One site of a company; another company's is not found (R-S5).
pub fn get_site(conn: &mut DbConn, company: &CompanyId, id: &SiteId) -> Result<Site, StoreError> {
    let row: Row = dsl::sites
        .select((
            dsl::id,
            dsl::company_id,
            dsl::name,
            dsl::address,
            dsl::time_zone,
            dsl::sync_time,
            dsl::status,
            dsl::created_at,
        ))
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::id.eq(id.as_str()))
        .filter(dsl::closing_at.is_null())
        .first(conn)?;
    site(row)
}

/// Changes a site and gives it as it now is. `Duplicate { what: "site_name" }` when the name is taken.
pub fn update_site(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &SiteId,
    change: &SiteChange,
    now: DateTime<Utc>,
) -> Result<Site, StoreError> {
    let mut site = get_site(conn, company, id)?;
    if let Some(name) = &change.name {
        site.name.clone_from(name);
    }
    if let Some(address) = &change.address {
        site.address.clone_from(address);
    }
    if let Some(time_zone) = &change.time_zone {
        site.time_zone.clone_from(time_zone);
    }
    if let Some(sync_time) = change.sync_time {
        site.sync_time = sync_time;
    }
    diesel::update(dsl::sites.filter(dsl::id.eq(id.as_str())))
        .set((
            dsl::name.eq(&site.name),
            dsl::name_lower.eq(site.name.to_lowercase()),
            dsl::address.eq(&site.address),
            dsl::search.eq(search_text(&site.name, &site.address)),
            dsl::time_zone.eq(&site.time_zone),
            dsl::sync_time.eq(site.sync_time),
            dsl::updated_at.eq(micros(now)),
        ))
        .execute(conn)?;
    // Schedules and maintenance follow the clock of the site.
    tellings::touch_site(conn, id, now)?;
    Ok(site)
}

/// Sets where a site stands between installer and owner; who has an account on its alarm panels follows (R-A1).
pub fn set_status(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &SiteId,
    status: SiteStatus,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let changed =
        diesel::update(dsl::sites.filter(dsl::company_id.eq(company.as_str())).filter(dsl::id.eq(id.as_str())))
            .set((dsl::status.eq(status.as_str()), dsl::updated_at.eq(micros(now))))
            .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    panels::touch_site(conn, company, id, now)
}

/// Deletes a site with its devices, their passwords, facts, exceptions, history and imports (R-T4). Events and operations
/// stay, and alarm panels keep what reaches them, links of the site among it, until the staff's accounts are off. Whether its status allows it is for
/// the caller to ask in the same transaction.
pub fn delete_site(conn: &mut DbConn, company: &CompanyId, id: &SiteId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let devices = changes::devices_of_site(conn, company, id)?;
    get_site(conn, company, id)?;
    panels::leave_site(conn, company, id, now)?;
    if closing::is_needed(conn, id)? {
        closing::close(conn, company, id, now)?;
        mails::drop_unneeded(conn, now)?;
        return changes::note_devices(conn, &devices, now);
    }
    let deleted =
        diesel::delete(dsl::sites.filter(dsl::company_id.eq(company.as_str())).filter(dsl::id.eq(id.as_str())))
            .execute(conn)?;
    if deleted == 0 {
        return Err(StoreError::NotFound);
    }
    mails::drop_unneeded(conn, now)?;
    changes::note_devices(conn, &devices, now)
}

pub(crate) fn search_text(name: &str, address: &str) -> String {
    format!("{name}\n{address}").to_lowercase()
}

fn site((id, company_id, name, address, time_zone, sync_time, status, created_at): Row) -> Result<Site, StoreError> {
    Ok(Site {
        id: read(id, "sites.id")?,
        company_id: read(company_id, "sites.company_id")?,
        name,
        address,
        time_zone,
        sync_time,
        status: word(SiteStatus::from_stored(&status), "sites.status")?,
        created_at: time(created_at)?,
    })
}

#[cfg(test)]
mod tests;
