//! The list of sites with the counts of their devices: two queries a page, whatever its size.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Text};
use siteward_domain::health::DeviceHealth;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, SiteId};

use super::Site;
use crate::columns::{contains, fresh_since, number, read, search_words};
use crate::connection::DbConn;
use crate::devices::places_unknown;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::Reach;
use crate::select::Select;

/// Which sites to list; what is `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct SiteFilter {
    /// Words, each of which is in the name or the address, in any case.
    pub search: Option<String>,
    /// Sites of this status.
    pub status: Option<SiteStatus>,
    /// Sites that have a device shown in this state.
    pub health: Option<DeviceHealth>,
}

/// How many devices a site has, and how many are shown in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceCounts {
    /// All of them.
    pub total: u64,
    /// Healthy.
    pub healthy: u64,
    /// Faulty.
    pub faulty: u64,
    /// The login does not work.
    pub login_failed: u64,
    /// Not reached.
    pub offline: u64,
    /// Not measured recently enough to say.
    pub unknown: u64,
}

/// A site in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSummary {
    /// The site.
    pub site: Site,
    /// Its devices.
    pub devices: DeviceCounts,
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
    #[diesel(sql_type = Bool)]
    sync_time: bool,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    shown: String,
    #[diesel(sql_type = BigInt)]
    devices: i64,
}

/// A page of the sites within reach, by name. `now` and the poll `period` decide which devices count as unknown (R-H1).
pub fn list_sites(
    conn: &mut DbConn,
    reach: &Reach,
    filter: &SiteFilter,
    now: DateTime<Utc>,
    period: Duration,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<SiteSummary>, StoreError> {
    let (company, fresh) = (reach.company_id(), fresh_since(now, period));
    let query = Select::new(
        "SELECT s.id, s.company_id, s.name, s.name_lower, s.address, s.time_zone, s.sync_time, s.status, s.created_at
         FROM sites s WHERE s.closing_at IS NULL AND s.company_id = ",
    )
    .text(company.as_str());
    let mut query = reach.and_assigned(query, "s.id");
    if let Some(cursor) = cursor {
        let [name] = page::decode(cursor)?;
        query = query.sql(" AND s.name_lower > ").text(name);
    }
    if let Some(status) = filter.status {
        query = query.sql(" AND s.status = ").text(status.as_str());
    }
    for word in search_words(filter.search.as_deref().unwrap_or_default()) {
        query = or_of_owner(query.sql(" AND (s.search LIKE ").text(contains(&word)).sql(" ESCAPE '\\'"), &word);
    }
    if let Some(health) = filter.health {
        query = if health == DeviceHealth::Unknown {
            let sites = query.sql(" AND s.id IN (SELECT site_id FROM devices WHERE place IN ");
            places_unknown(sites, company, fresh).sql(")")
        } else {
            query
                .sql(
                    " AND EXISTS (SELECT 1 FROM devices d JOIN measured m ON m.place = d.place
                      WHERE d.site_id = s.id AND d.health = ",
                )
                .text(health.as_str())
                .sql(" AND m.reachability >= ")
                .number(fresh)
                .sql(")")
        };
    }
    let rows: Vec<Row> = query.sql(" ORDER BY s.name_lower LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.name_lower.clone()]);
    let sites = rows.into_iter().map(site).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<&SiteId> = sites.iter().map(|site| &site.id).collect();
    let mut counts = count_devices(conn, company, &ids, now, period)?;
    let items = sites
        .into_iter()
        .map(|site| SiteSummary { devices: counts.remove(&site.id).unwrap_or_default(), site })
        .collect();
    Ok(Page { items, next_cursor })
}

/// Adds that the word may be in the owner's name or address (R-T6). SQLite folds no letters but Latin ones: a word is
/// looked for as it begins a name, too.
fn or_of_owner(query: Select, word: &str) -> Select {
    let mut letters = word.chars();
    let name: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    query
        .sql(" OR EXISTS (SELECT 1 FROM end_users u WHERE u.id = s.owner_id AND (u.email_lower LIKE ")
        .text(contains(word))
        .sql(" ESCAPE '\\' OR lower(u.name) LIKE ")
        .text(contains(word))
        .sql(" ESCAPE '\\' OR u.name LIKE ")
        .text(contains(&name))
        .sql(" ESCAPE '\\')))")
}

/// Counts the devices of some sites by the state they are shown in. A site without devices is not in the map.
pub fn count_devices(
    conn: &mut DbConn,
    company: &CompanyId,
    sites: &[&SiteId],
    now: DateTime<Utc>,
    period: Duration,
) -> Result<HashMap<SiteId, DeviceCounts>, StoreError> {
    let rows: Vec<CountRow> = Select::new("SELECT d.site_id, CASE WHEN m.reachability >= ")
        .number(fresh_since(now, period))
        .sql(
            " THEN d.health ELSE 'unknown' END AS shown, count(*) AS devices
              FROM devices d JOIN measured m ON m.place = d.place WHERE d.company_id = ",
        )
        .text(company.as_str())
        .sql(" AND d.site_id IN ")
        .texts(sites.iter().map(|id| id.as_str()))
        .sql(" GROUP BY 1, 2 ORDER BY 1, 2")
        .load(conn)?;
    let mut counts: HashMap<SiteId, DeviceCounts> = HashMap::new();
    for row in rows {
        let devices: u64 = number(row.devices, "count")?;
        let count = counts.entry(read(row.site_id, "devices.site_id")?).or_default();
        count.total += devices;
        *match DeviceHealth::from_stored(&row.shown).unwrap_or(DeviceHealth::Unknown) {
            DeviceHealth::Healthy => &mut count.healthy,
            DeviceHealth::Faulty => &mut count.faulty,
            DeviceHealth::LoginFailed => &mut count.login_failed,
            DeviceHealth::Offline => &mut count.offline,
            DeviceHealth::Unknown => &mut count.unknown,
        } += devices;
    }
    Ok(counts)
}

fn site(row: Row) -> Result<Site, StoreError> {
    super::site((
        row.id,
        row.company_id,
        row.name,
        row.address,
        row.time_zone,
        row.sync_time,
        row.status,
        row.created_at,
    ))
}
