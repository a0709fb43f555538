//! Giving grants: with the acceptance of a handover, and when an owner approves an application.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::grant::{GrantEnd, Permission};
use siteward_domain::handover::Asks;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, GrantId, SiteId};

use super::lock;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::sites;

/// A grant of the same kind that nobody has ended.
#[derive(QueryableByName)]
struct Present {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    valid_until: Option<i64>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "only whether there is one counts")]
    id: String,
}

/// What is to be given.
struct Wanted<'a> {
    company: &'a CompanyId,
    site: &'a SiteId,
    device: Option<&'a DeviceId>,
    permission: Permission,
    valid_until: Option<i64>,
}

/// Gives a company what `asks` names, from `now` on. With the authorization of the site its status becomes *authorized*, and
/// who has an account on its alarm panels follows. What holds for at least as long already stays as it is, a shorter
/// one is replaced, and devices that are not on the site any more are left out. Gives the ids of what is new.
///
/// It appends no event: whoever calls it has one to tell.
pub fn give(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    asks: &Asks,
    now: DateTime<Utc>,
) -> Result<Vec<GrantId>, StoreError> {
    lock(conn, company, site)?;
    let mut given = Vec::new();
    if asks.site {
        let wanted = Wanted { company, site, device: None, permission: Permission::Site, valid_until: None };
        given.extend(give_one(conn, &wanted, now)?);
        sites::set_status(conn, company, site, SiteStatus::Authorized, now)?;
    }
    for ask in &asks.devices {
        if !is_on_site(conn, company, site, &ask.device_id)? {
            continue;
        }
        let wanted = Wanted {
            company,
            site,
            device: Some(&ask.device_id),
            permission: ask.permission.into(),
            valid_until: ask.validity.end(now).map(micros),
        };
        given.extend(give_one(conn, &wanted, now)?);
    }
    Ok(given)
}

/// Whether every one of some devices is on a site.
pub fn are_on_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    devices: &[DeviceId],
) -> Result<bool, StoreError> {
    let each: BTreeSet<&str> = devices.iter().map(DeviceId::as_str).collect();
    let found: Vec<Found> = Select::new("SELECT id FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND id IN ")
        .texts(each.iter().copied())
        .load(conn)?;
    Ok(found.len() == each.len())
}

fn is_on_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId, device: &DeviceId) -> Result<bool, StoreError> {
    let rows: Vec<Found> = Select::new("SELECT id FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND id = ")
        .text(device.as_str())
        .load(conn)?;
    Ok(!rows.is_empty())
}

fn give_one(conn: &mut DbConn, wanted: &Wanted<'_>, now: DateTime<Utc>) -> Result<Option<GrantId>, StoreError> {
    let present: Vec<Present> = Select::new("SELECT id, valid_until FROM grants WHERE site_id = ")
        .text(wanted.site.as_str())
        .sql(" AND permission = ")
        .text(wanted.permission.as_str())
        .sql(" AND coalesce(device_id, '') = ")
        .text(wanted.device.map_or("", DeviceId::as_str))
        .sql(" AND ended_at IS NULL ORDER BY id LIMIT 1")
        .load(conn)?;
    if let Some(present) = present.first() {
        let holds = present.valid_until.is_none_or(|end| end > micros(now));
        let lasts = present.valid_until.unwrap_or(i64::MAX) >= wanted.valid_until.unwrap_or(i64::MAX);
        if holds && lasts {
            return Ok(None);
        }
        // What was over before is not what this one replaces.
        let (at, because) = match present.valid_until.filter(|_| !holds) {
            Some(end) => (end, GrantEnd::Expired),
            None => (micros(now), GrantEnd::Replaced),
        };
        Select::new("UPDATE grants SET ended_at = ")
            .number(at)
            .sql(", ended_because = ")
            .text(because.as_str())
            .sql(" WHERE id = ")
            .text(present.id.as_str())
            .execute(conn)?;
    }
    let id = GrantId::generate(now);
    let insert = Select::new(
        "INSERT INTO grants (id, company_id, site_id, permission, granted_at, device_id, valid_until) VALUES (",
    )
    .text(id.as_str())
    .sql(", ")
    .text(wanted.company.as_str())
    .sql(", ")
    .text(wanted.site.as_str())
    .sql(", ")
    .text(wanted.permission.as_str())
    .sql(", ")
    .number(micros(now))
    .sql(", ");
    let insert = match wanted.device {
        Some(device) => insert.text(device.as_str()),
        None => insert.sql("NULL"),
    };
    match wanted.valid_until {
        Some(end) => insert.sql(", ").number(end),
        None => insert.sql(", NULL"),
    }
    .sql(")")
    .execute(conn)?;
    Ok(Some(id))
}
