//! What of a company somebody may work on (R-S4, R-S5): all of its sites, or those assigned to them and still valid at a
//! given time. Lists are narrowed by it and single objects are looked for within it, so that an assignment which has
//! ended ends everything in the same instant, with nobody having to sweep.
//!
//! Devices, links, imports and whatever else hangs on a site are within reach when the site is.

mod narrowing;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::staff::Right;
use siteward_domain::{
    AdditionId, CompanyId, DeviceId, ExceptionRuleId, GrantId, GrantRequestId, HandoverId, ImportId, IncidentId,
    LinkId, LinkageFiringId, LinkageRuleId, MaintenanceWindowId, PanelAccountId, RemoteSessionId, ShareId, SiteId,
    StaffId, UpgradeId,
};

use crate::columns::{micros, read, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

pub(crate) use narrowing::{DEVICES, Listed};

/// Which sites of a company somebody may work on, at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    company_id: CompanyId,
    /// Whose assignments count, and when; none: every site.
    manager: Option<(StaffId, i64)>,
}

/// Something on a site that can be asked for by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A site itself.
    Site(SiteId),
    /// A device.
    Device(DeviceId),
    /// An import onto a site.
    Import(ImportId),
    /// A link on a site.
    Link(LinkId),
    /// An addition to a site.
    Addition(AdditionId),
    /// A session of remote configuration of a device.
    RemoteSession(RemoteSessionId),
    /// An account on a panel that is on a site.
    PanelAccount(PanelAccountId),
    /// An incident on a site.
    Incident(IncidentId),
    /// A rule of a site that says who is told of what.
    ExceptionRule(ExceptionRuleId),
    /// A maintenance window on a site.
    MaintenanceWindow(MaintenanceWindowId),
    /// A linkage rule of a site.
    LinkageRule(LinkageRuleId),
    /// A firing of a linkage rule of a site.
    LinkageFiring(LinkageFiringId),
    /// An upgrade that has a device on a site.
    Upgrade(UpgradeId),
    /// What the owner of a site lets the company do.
    Grant(GrantId),
    /// An application to the owner of a site.
    GrantRequest(GrantRequestId),
    /// An invitation to own a site.
    Handover(HandoverId),
    /// Channels of a site that somebody receives.
    Share(ShareId),
}

/// The sites that are assigned to somebody, each with the end of the assignment where it has one.
pub type AssignedSites = HashMap<SiteId, Option<DateTime<Utc>>>;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Integer)]
    found: i32,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct AssignedRow {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires_at: Option<i64>,
}

impl Reach {
    /// Every site of a company.
    pub fn of_company(company: &CompanyId) -> Self {
        Self { company_id: company.clone(), manager: None }
    }

    /// The sites assigned to a member of staff, as far as that is valid at `now`.
    pub fn of_manager(company: &CompanyId, staff: &StaffId, now: DateTime<Utc>) -> Self {
        Self { company_id: company.clone(), manager: Some((staff.clone(), micros(now))) }
    }

    /// What a member of staff with these rights reaches at `now`; `None`: no site whatever is assigned to them.
    pub fn of(company: &CompanyId, staff: &StaffId, rights: &[Right], now: DateTime<Utc>) -> Option<Self> {
        if rights.contains(&Right::ManageAllSites) {
            Some(Self::of_company(company))
        } else if rights.contains(&Right::ManageAssignedSites) {
            Some(Self::of_manager(company, staff, now))
        } else {
            None
        }
    }

    /// The company.
    pub fn company_id(&self) -> &CompanyId {
        &self.company_id
    }

    /// Whether it is every site of the company.
    pub fn is_everything(&self) -> bool {
        self.manager.is_none()
    }

    /// Whether an object is there and within reach: what is not is to be treated as not there.
    pub fn holds(&self, conn: &mut DbConn, object: &Object) -> Result<bool, StoreError> {
        let (query, site, id) = match object {
            Object::Site(id) => {
                ("SELECT 1 AS found FROM sites o WHERE o.closing_at IS NULL AND o.", "o.id", id.as_str())
            }
            Object::Device(id) => ("SELECT 1 AS found FROM devices o WHERE o.", "o.site_id", id.as_str()),
            Object::Import(id) => ("SELECT 1 AS found FROM imports o WHERE o.", "o.site_id", id.as_str()),
            Object::Link(id) => (
                "SELECT 1 AS found FROM links o JOIN sites t ON t.id = o.site_id AND t.closing_at IS NULL WHERE o.",
                "o.site_id",
                id.as_str(),
            ),
            Object::Addition(id) => ("SELECT 1 AS found FROM additions o WHERE o.", "o.site_id", id.as_str()),
            Object::ExceptionRule(id) => {
                ("SELECT 1 AS found FROM exception_rules o WHERE o.", "o.site_id", id.as_str())
            }
            Object::MaintenanceWindow(id) => {
                ("SELECT 1 AS found FROM maintenance_windows o WHERE o.", "o.site_id", id.as_str())
            }
            Object::Incident(id) => ("SELECT 1 AS found FROM incidents o WHERE o.", "o.site_id", id.as_str()),
            Object::LinkageRule(id) => ("SELECT 1 AS found FROM linkage_rules o WHERE o.", "o.site_id", id.as_str()),
            Object::LinkageFiring(id) => {
                ("SELECT 1 AS found FROM linkage_firings o WHERE o.", "o.site_id", id.as_str())
            }
            Object::Handover(id) => (
                "SELECT 1 AS found FROM handovers o JOIN sites t ON t.id = o.site_id AND t.company_id = o.company_id
                 AND t.closing_at IS NULL WHERE o.",
                "o.site_id",
                id.as_str(),
            ),
            Object::Share(id) => (
                "SELECT 1 AS found FROM (SELECT h.id, h.site_id, t.company_id FROM shares h JOIN sites t ON t.id = h.site_id
                 AND t.closing_at IS NULL) o WHERE o.",
                "o.site_id",
                id.as_str(),
            ),
            Object::Grant(id) => (
                "SELECT 1 AS found FROM grants o JOIN sites t ON t.id = o.site_id AND t.company_id = o.company_id WHERE o.",
                "o.site_id",
                id.as_str(),
            ),
            Object::GrantRequest(id) => ("SELECT 1 AS found FROM grant_requests o WHERE o.", "o.site_id", id.as_str()),
            Object::RemoteSession(id) => (
                "SELECT 1 AS found FROM remote_sessions o JOIN devices d ON d.id = o.device_id WHERE o.",
                "d.site_id",
                id.as_str(),
            ),
            Object::Upgrade(id) => (
                "SELECT 1 AS found FROM upgrade_devices o JOIN devices d ON d.id = o.device_id WHERE o.upgrade_",
                "d.site_id",
                id.as_str(),
            ),
            Object::PanelAccount(id) => (
                "SELECT 1 AS found FROM panel_accounts o JOIN devices d ON d.id = o.device_id WHERE o.",
                "d.site_id",
                id.as_str(),
            ),
        };
        let query = Select::new(query).sql("id = ").text(id).sql(" AND o.company_id = ").text(self.company_id.as_str());
        let rows: Vec<Found> = self.and_assigned(query, site).sql(" LIMIT 1").load(conn)?;
        Ok(rows.first().is_some_and(|row| row.found == 1))
    }

    /// [`StoreError::NotFound`] unless [`Reach::holds`] the object.
    pub fn check(&self, conn: &mut DbConn, object: &Object) -> Result<(), StoreError> {
        if self.holds(conn, object)? { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// [`StoreError::NotFound`] unless every one of some devices is there and within reach.
    pub fn check_devices(&self, conn: &mut DbConn, devices: &[DeviceId]) -> Result<(), StoreError> {
        let query = Select::new("SELECT o.id FROM devices o WHERE o.company_id = ").text(self.company_id.as_str());
        let query = query.sql(" AND o.id IN ").texts(devices.iter().map(DeviceId::as_str));
        self.check_all(conn, query, "o.site_id", &devices.iter().map(DeviceId::as_str).collect())
    }

    /// [`StoreError::NotFound`] unless every one of some sites is there and within reach.
    pub fn check_sites(&self, conn: &mut DbConn, sites: &[SiteId]) -> Result<(), StoreError> {
        let query = Select::new("SELECT o.id FROM sites o WHERE o.closing_at IS NULL AND o.company_id = ")
            .text(self.company_id.as_str());
        let query = query.sql(" AND o.id IN ").texts(sites.iter().map(SiteId::as_str));
        self.check_all(conn, query, "o.id", &sites.iter().map(SiteId::as_str).collect())
    }

    fn check_all(
        &self,
        conn: &mut DbConn,
        query: Select,
        site: &str,
        wanted: &HashSet<&str>,
    ) -> Result<(), StoreError> {
        let most = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
        let rows: Vec<Id> = self.and_assigned(query, site).sql(" ORDER BY o.id LIMIT ").number(most).load(conn)?;
        let found: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        if found == *wanted { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// The assigned sites; `None` where every site is within reach.
    pub fn assigned_sites(&self, conn: &mut DbConn) -> Result<Option<AssignedSites>, StoreError> {
        if self.is_everything() {
            return Ok(None);
        }
        let query = self.assignments("SELECT r.site_id, r.expires_at FROM site_managers r WHERE ");
        let rows: Vec<AssignedRow> = query.sql(" ORDER BY r.site_id").load(conn)?;
        let read = |row: AssignedRow| Ok((read(row.site_id, "site_managers.site_id")?, time_or_none(row.expires_at)?));
        rows.into_iter().map(read).collect::<Result<_, _>>().map(Some)
    }
}

#[cfg(test)]
mod tests;
