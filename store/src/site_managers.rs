//! Who manages which site, and until when (R-S4). Whether an assignment still holds is asked whenever it is used, see
//! [`crate::reach`]: here it is only written down and listed.
//!
//! Holders of `manage_all_sites` and the Installer Admin manage every site without being assigned to any.

mod listing;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use serde_json::json;
use siteward_domain::{CompanyId, SiteId, StaffId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::reach::Reach;
use crate::select::Select;

pub use listing::{AssignedSite, Manager, list_of_site, list_of_staff};

/// Most sites that are set in one call.
pub const MOST_SITES: usize = 100;
/// Most managers that a site can be given in one call.
pub const MOST_MANAGERS: usize = 100;

/// A member of staff to assign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Who.
    pub staff_id: StaffId,
    /// Until when; `None`: without an end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What [`set`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagersSet {
    /// The sites whose managers are others now, or for another time: tell of each. Their panels are due.
    pub changed: Vec<SiteId>,
    /// Who was left out because they manage every site anyway.
    pub ignored: Vec<StaffId>,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Who of the company manages all sites, in the query of a condition on `s`, a row of `staff`.
const MANAGES_ALL: &str = "(s.is_admin OR EXISTS (SELECT 1 FROM role_rights w WHERE w.role_id = s.role_id
    AND w.name = 'manage_all_sites'))";

/// Gives each of some sites exactly these managers: others lose it, except holders of `manage_all_sites`, who are neither
/// assigned nor taken away. [`StoreError::NotFound`] when a site or a person is not the company's.
pub fn set(
    conn: &mut DbConn,
    company: &CompanyId,
    sites: &[SiteId],
    managers: &[Assignment],
    by: &StaffId,
    now: DateTime<Utc>,
) -> Result<ManagersSet, StoreError> {
    Reach::of_company(company).check_sites(conn, sites)?;
    let holders = holders_among(conn, company, managers)?;
    lock(conn, sites)?;
    let (ignored, assigned): (Vec<_>, Vec<_>) =
        managers.iter().partition(|one| holders.contains(one.staff_id.as_str()));
    let mut changed = take_away(conn, company, sites, &assigned)?;
    changed.extend(assign_all(conn, company, sites, &assigned, by, now)?);
    let changed: Vec<SiteId> =
        changed.into_iter().map(|id| read(id, "site_managers.site_id")).collect::<Result<_, _>>()?;
    for site in &changed {
        panels::touch_site(conn, company, site, now)?;
    }
    Ok(ManagersSet { changed, ignored: ignored.into_iter().map(|one| one.staff_id.clone()).collect() })
}

/// Makes a person a manager of a site without end, as whoever makes a site becomes its manager.
pub fn assign(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    staff: &StaffId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let one = Assignment { staff_id: staff.clone(), expires_at: None };
    assign_all(conn, company, std::slice::from_ref(site), &[&one], staff, now).map(drop)
}

/// Those of `managers` who manage every site. [`StoreError::NotFound`] when one is not staff of the company.
fn holders_among(
    conn: &mut DbConn,
    company: &CompanyId,
    managers: &[Assignment],
) -> Result<BTreeSet<String>, StoreError> {
    let of_company = |and: &str, condition: &str| {
        Select::new("SELECT s.id FROM staff s WHERE s.company_id = ")
            .text(company.as_str())
            .sql(" AND s.id IN ")
            .texts(managers.iter().map(|one| one.staff_id.as_str()))
            .sql(and)
            .sql(condition)
            .sql(" ORDER BY s.id LIMIT ")
            .number(i64::try_from(managers.len()).unwrap_or(i64::MAX))
    };
    let known: Vec<IdRow> = of_company("", "").load(conn)?;
    let known: BTreeSet<&str> = known.iter().map(|row| row.id.as_str()).collect();
    if managers.iter().any(|one| !known.contains(one.staff_id.as_str())) {
        return Err(StoreError::NotFound);
    }
    let holders: Vec<IdRow> = of_company(" AND ", MANAGES_ALL).load(conn)?;
    Ok(holders.into_iter().map(|row| row.id).collect())
}

/// One who sets the managers of a site at a time on PostgreSQL: of two who replace them at once, one set is the result.
fn lock(conn: &mut DbConn, sites: &[SiteId]) -> Result<(), StoreError> {
    if matches!(conn, DbConn::Sqlite(_)) {
        return Ok(());
    }
    let query = Select::new("SELECT id FROM sites WHERE id IN ").texts(sites.iter().map(SiteId::as_str));
    query.sql(" ORDER BY id FOR UPDATE").load::<IdRow>(conn).map(drop)
}

fn take_away(
    conn: &mut DbConn,
    company: &CompanyId,
    sites: &[SiteId],
    kept: &[&Assignment],
) -> Result<BTreeSet<String>, StoreError> {
    let gone: Vec<IdRow> = Select::new("DELETE FROM site_managers WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id IN ")
        .texts(sites.iter().map(SiteId::as_str))
        .sql(" AND staff_id NOT IN (SELECT s.id FROM staff s WHERE s.company_id = ")
        .text(company.as_str())
        .sql(" AND (s.id IN ")
        .texts(kept.iter().map(|one| one.staff_id.as_str()))
        .sql(" OR ")
        .sql(MANAGES_ALL)
        .sql(")) RETURNING site_id AS id")
        .load(conn)?;
    Ok(gone.into_iter().map(|row| row.id).collect())
}

/// One statement for every pair of a site and a manager; what is so already is left alone.
fn assign_all(
    conn: &mut DbConn,
    company: &CompanyId,
    sites: &[SiteId],
    managers: &[&Assignment],
    by: &StaffId,
    now: DateTime<Utc>,
) -> Result<BTreeSet<String>, StoreError> {
    if managers.is_empty() {
        return Ok(BTreeSet::new());
    }
    let pairs: Vec<_> = managers.iter().map(|one| json!([one.staff_id, one.expires_at.map(micros)])).collect();
    let (of_sites, of_managers) = match conn {
        DbConn::Sqlite(_) => (
            "SELECT value AS id FROM json_each(",
            "SELECT value ->> 0 AS id, value ->> 1 AS expires_at FROM json_each(",
        ),
        DbConn::Postgresql(_) => (
            "SELECT value AS id FROM jsonb_array_elements_text((",
            "SELECT value ->> 0 AS id, (value ->> 1)::bigint AS expires_at FROM jsonb_array_elements((",
        ),
    };
    let close = if matches!(conn, DbConn::Sqlite(_)) { ")" } else { ")::jsonb)" };
    let written: Vec<IdRow> = Select::new(
        "INSERT INTO site_managers (company_id, site_id, staff_id, expires_at, assigned_by, assigned_at) SELECT ",
    )
    .text(company.as_str())
    .sql(", o.id, m.id, m.expires_at, ")
    .text(by.as_str())
    .sql(", ")
    .number(micros(now))
    .sql(" FROM (")
    .sql(of_sites)
    .text(json!(sites).to_string())
    .sql(close)
    .sql(") o CROSS JOIN (")
    .sql(of_managers)
    .text(json!(pairs).to_string())
    .sql(close)
    .sql(
        ") m WHERE true ON CONFLICT (site_id, staff_id) DO UPDATE SET expires_at = excluded.expires_at,
         assigned_by = excluded.assigned_by, assigned_at = excluded.assigned_at
         WHERE site_managers.expires_at IS DISTINCT FROM excluded.expires_at RETURNING site_id AS id",
    )
    .load(conn)?;
    Ok(written.into_iter().map(|row| row.id).collect())
}

#[cfg(test)]
mod tests;
