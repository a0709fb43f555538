//! Links as causes: a link that stays away is one incident, whatever is behind it.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use siteward_domain::incident::{CauseKind, IncidentKind, Settling, Standing};
use siteward_domain::{CompanyId, DeviceId, IncidentId, SiteId};

use super::opening::{NewIncident, create};
use super::premises;
use super::sorting::first;
use crate::columns::{micros, read, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most links that become incidents in one transaction.
const AT_ONCE: i64 = 200;

#[derive(QueryableByName)]
pub(super) struct DueLink {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    last_seen_at: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    devices: i64,
    #[diesel(sql_type = BigInt)]
    cameras: i64,
}

/// Links that have been away for long enough and are no incident yet. One that never came is none.
pub(super) fn find_due(conn: &mut DbConn, settling: Settling, now: DateTime<Utc>) -> Result<Vec<DueLink>, StoreError> {
    Select::new(
        "SELECT l.id, l.company_id, l.site_id, l.name, l.last_seen_at FROM links l WHERE NOT l.online
         AND l.revoked_at IS NULL AND l.token_hash IS NOT NULL AND l.last_seen_at <= ",
    )
    .number(micros(now - settling.after))
    .sql(
        " AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.cause_id = l.id AND i.closed_at IS NULL) ORDER BY l.id LIMIT ",
    )
    .number(AT_ONCE)
    .load(conn)
}

/// Opens the incidents of links that are due; gives how many. While the router of the site does not answer, and for a while
/// after, that is why.
pub(super) fn open_all(conn: &mut DbConn, settling: Settling, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut opened = 0;
    for link in find_due(conn, settling, now)? {
        let (company, site): (CompanyId, SiteId) =
            (read(link.company_id, "links.company_id")?, read(link.site_id, "links.site_id")?);
        let premises = premises::load(conn, &site)?;
        if let Some(router) = premises.tree.router()
            && (premises.standing(router) == Standing::Offline || was_cause_lately(conn, router, settling, now)?)
        {
            continue;
        }
        let (affected, cameras) = affected(conn, &link.id)?;
        let count = |count: i64| usize::try_from(count).unwrap_or(0);
        create(
            conn,
            &NewIncident {
                company: &company,
                site: &site,
                cause: CauseKind::Link,
                cause_id: &link.id,
                name: &link.name,
                kind: IncidentKind::LinkOffline,
                opened_at: time(link.last_seen_at)?,
                affected: count(affected),
                cameras: count(cameras),
            },
            now,
        )?;
        opened += 1;
    }
    Ok(opened)
}

/// Devices behind a link that somebody watches, and those of them that are cameras.
pub(super) fn affected(conn: &mut DbConn, link: &str) -> Result<(i64, i64), StoreError> {
    let rows: Vec<Count> = Select::new(
        "SELECT count(*) AS devices, count(CASE WHEN kind = 'camera' THEN 1 END) AS cameras FROM devices
         WHERE unwatched_because IS NULL AND link_id = ",
    )
    .text(link)
    .load(conn)?;
    Ok(rows.first().map_or((0, 0), |row| (row.devices, row.cameras)))
}

/// Whether an incident of a router ended so lately that a link behind it may not have come back yet.
fn was_cause_lately(
    conn: &mut DbConn,
    router: &DeviceId,
    settling: Settling,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let query = Select::new("SELECT i.id FROM incidents i WHERE i.cause_id = ").text(router.as_str());
    let query = query.sql(" AND i.kind = 'device_offline' AND i.closed_at > ").number(micros(now - settling.longest));
    Ok(first::<IncidentId>(conn, query.sql(" LIMIT 1"))?.is_some())
}
