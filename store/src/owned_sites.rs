//! The sites of an owner, as their portal shows them: who serves each, who of that company reaches it and why, and who has
//! an account on its alarm panels.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, EndUserId, SiteId};

use crate::columns::{micros, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;
use crate::sites::{DeviceCounts, count_devices};

/// Most people and accounts that are told of a site.
const MOST_PEOPLE: i64 = 1000;

/// A site as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedSite {
    /// The site.
    pub id: SiteId,
    /// The company under which its rows are kept, also while none serves it.
    pub kept_by: CompanyId,
    /// Its name.
    pub name: String,
    /// Its address; may be empty.
    pub address: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Where it stands between company and owner.
    pub status: SiteStatus,
    /// Since when it is this owner's.
    pub owned_since: DateTime<Utc>,
    /// The company that serves it, with its name; `None`: none does.
    pub company: Option<(CompanyId, String)>,
    /// The name of the company that installed it.
    pub installed_by: Option<String>,
    /// Since when the company has suspended the owner's use (rental).
    pub suspended_at: Option<DateTime<Utc>>,
    /// Its devices, counted by the state they are shown in.
    pub devices: DeviceCounts,
}

/// Why somebody of the company reaches a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyReached {
    /// They are the Installer Admin.
    Admin,
    /// Their role lets them manage all sites.
    AllSites,
    /// The site is assigned to them.
    Assigned,
}

/// Somebody of the company who reaches a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePerson {
    /// Their name.
    pub name: String,
    /// Why.
    pub why: WhyReached,
    /// Until when; `None`: without an end.
    pub until: Option<DateTime<Utc>>,
}

/// Somebody with an account on an alarm panel of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelPerson {
    /// The panel.
    pub device_id: DeviceId,
    /// Its name; may be empty.
    pub device_name: String,
    /// Whose account it is; empty where the platform knows nobody of this account.
    pub name: String,
    /// The user name on the panel.
    pub user_name: String,
    /// Since when it stands as it does.
    pub since: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    name_lower: String,
    #[diesel(sql_type = Text)]
    address: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    owned_since: i64,
    #[diesel(sql_type = Text)]
    company_name: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    unserved_since: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    installer_name: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    suspended_at: Option<i64>,
}

#[derive(QueryableByName)]
struct PersonRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    why: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    until: Option<i64>,
}

#[derive(QueryableByName)]
struct PanelRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    person_name: String,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = BigInt)]
    since: i64,
}

const SELECT: &str = "SELECT s.id, s.company_id, s.name, s.name_lower, s.address, s.time_zone, s.status,
    coalesce(s.owned_since, s.created_at) AS owned_since, c.name AS company_name, s.unserved_since,
    i.name AS installer_name, s.suspended_at
    FROM sites s JOIN companies c ON c.id = s.company_id LEFT JOIN companies i ON i.id = s.installed_by
    WHERE s.closing_at IS NULL AND s.owner_id = ";

/// A page of the sites of an owner, by name. `now` and the poll `period` decide which devices count as unknown (R-H1).
pub fn list(
    conn: &mut DbConn,
    owner: &EndUserId,
    now: DateTime<Utc>,
    period: Duration,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<OwnedSite>, StoreError> {
    let mut query = Select::new(SELECT).text(owner.as_str());
    if let Some(cursor) = cursor {
        let [name, id] = page::decode(cursor)?;
        query = query.sql(" AND (s.name_lower, s.id) > (").text(name).sql(", ").text(id).sql(")");
    }
    let query = query.sql(" ORDER BY s.name_lower, s.id LIMIT ").number(page::rows_to_read(limit));
    let (rows, next_cursor) =
        page::cut(query.load::<Row>(conn)?, limit, |row| vec![row.name_lower.clone(), row.id.clone()]);
    Ok(Page { items: with_counts(conn, rows, now, period)?, next_cursor })
}

/// A site of an owner; [`StoreError::NotFound`] where it is not theirs.
pub fn get(
    conn: &mut DbConn,
    owner: &EndUserId,
    site: &SiteId,
    now: DateTime<Utc>,
    period: Duration,
) -> Result<OwnedSite, StoreError> {
    let rows: Vec<Row> = Select::new(SELECT).text(owner.as_str()).sql(" AND s.id = ").text(site.as_str()).load(conn)?;
    with_counts(conn, rows, now, period)?.pop().ok_or(StoreError::NotFound)
}

/// Who of the company that serves a site reaches it at `now`: the Installer Admin first, then by name.
pub fn people(conn: &mut DbConn, site: &OwnedSite, now: DateTime<Utc>) -> Result<Vec<SitePerson>, StoreError> {
    let Some((company, _)) = &site.company else { return Ok(Vec::new()) };
    let query = Select::new(
        "SELECT p.name, CASE WHEN p.is_admin THEN 'admin' WHEN w.name = 'manage_all_sites' THEN 'all_sites' ELSE 'assigned' END AS why,
             CASE WHEN p.is_admin OR w.name = 'manage_all_sites' THEN NULL ELSE a.expires_at END AS until
         FROM staff p
         LEFT JOIN role_rights w ON w.role_id = p.role_id AND w.name = 'manage_all_sites'
         LEFT JOIN role_rights v ON v.role_id = p.role_id AND v.name = 'manage_assigned_sites'
         LEFT JOIN site_managers a ON a.staff_id = p.id AND a.site_id = ",
    )
    .text(site.id.as_str())
    .sql(" AND (a.expires_at IS NULL OR a.expires_at > ")
    .number(micros(now))
    .sql(") WHERE p.company_id = ")
    .text(company.as_str())
    .sql(" AND NOT p.disabled AND (p.is_admin OR w.name IS NOT NULL OR (a.site_id IS NOT NULL AND v.name IS NOT NULL))
          ORDER BY p.is_admin DESC, lower(p.name), p.id LIMIT ")
    .number(MOST_PEOPLE);
    let rows: Vec<PersonRow> = query.load(conn)?;
    let person = |row: PersonRow| {
        let why = match row.why.as_str() {
            "admin" => WhyReached::Admin,
            "all_sites" => WhyReached::AllSites,
            _ => WhyReached::Assigned,
        };
        Ok(SitePerson { name: row.name, why, until: time_or_none(row.until)? })
    };
    rows.into_iter().map(person).collect()
}

/// The accounts that stand on the alarm panels of a site, as far as the platform knows them.
pub fn panel_people(conn: &mut DbConn, site: &SiteId) -> Result<Vec<PanelPerson>, StoreError> {
    let query = Select::new(
        "SELECT d.id AS device_id, d.name AS device_name, a.person_name, a.user_name, a.since
         FROM panel_accounts a JOIN devices d ON d.id = a.device_id
         WHERE a.state IN ('waiting_for_sign_in', 'there', 'removing', 'unexpected') AND d.site_id = ",
    );
    let query = query.text(site.as_str()).sql(" ORDER BY d.name_lower, d.id, a.user_name LIMIT ").number(MOST_PEOPLE);
    let rows: Vec<PanelRow> = query.load(conn)?;
    let person = |row: PanelRow| {
        Ok(PanelPerson {
            device_id: read(row.device_id, "devices.id")?,
            device_name: row.device_name,
            name: row.person_name,
            user_name: row.user_name,
            since: time(row.since)?,
        })
    };
    rows.into_iter().map(person).collect()
}

/// The company under which the rows of a device's site are kept, and the site. The device is known to be the owner's.
pub fn place_of_device(conn: &mut DbConn, device: &DeviceId) -> Result<(CompanyId, SiteId), StoreError> {
    let rows: Vec<PlaceRow> =
        Select::new("SELECT company_id, site_id FROM devices WHERE id = ").text(device.as_str()).load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    Ok((read(row.company_id, "devices.company_id")?, read(row.site_id, "devices.site_id")?))
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
}

fn with_counts(
    conn: &mut DbConn,
    rows: Vec<Row>,
    now: DateTime<Utc>,
    period: Duration,
) -> Result<Vec<OwnedSite>, StoreError> {
    let mut sites = rows.into_iter().map(site).collect::<Result<Vec<_>, _>>()?;
    let mut companies: Vec<CompanyId> = sites.iter().map(|site| site.kept_by.clone()).collect();
    companies.sort();
    companies.dedup();
    for company in companies {
        let of_company: Vec<SiteId> =
            sites.iter().filter(|site| site.kept_by == company).map(|site| site.id.clone()).collect();
        let ids: Vec<&SiteId> = of_company.iter().collect();
        let mut counts = count_devices(conn, &company, &ids, now, period)?;
        for site in sites.iter_mut().filter(|site| site.kept_by == company) {
            site.devices = counts.remove(&site.id).unwrap_or_default();
        }
    }
    Ok(sites)
}

fn site(row: Row) -> Result<OwnedSite, StoreError> {
    let company: CompanyId = read(row.company_id, "sites.company_id")?;
    Ok(OwnedSite {
        id: read(row.id, "sites.id")?,
        kept_by: company.clone(),
        name: row.name,
        address: row.address,
        time_zone: row.time_zone,
        status: word(SiteStatus::from_stored(&row.status), "sites.status")?,
        owned_since: time(row.owned_since)?,
        company: row.unserved_since.is_none().then_some((company, row.company_name)),
        installed_by: row.installer_name,
        suspended_at: time_or_none(row.suspended_at)?,
        devices: DeviceCounts::default(),
    })
}
