//! Ending grants: by their owner, by the company, by the clock, or because what they were for is gone.

use chrono::{DateTime, Utc};
use siteward_domain::grant::{GrantEnd, Permission};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, GrantId, SiteId};

use super::{GRANTS, Grant, Row, get_grant, lock};
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::grant_requests;
use crate::remote_sessions;
use crate::select::Select;
use crate::sites;

/// The condition that `g` is for a device that is not on its site any more.
const WITHOUT_DEVICE: &str =
    "g.ended_at IS NULL AND g.device_id IS NOT NULL AND (d.id IS NULL OR d.site_id <> g.site_id)";

/// Ends a grant; that of a site ends all that the company may do there, and the site is *not authorized* again. Sessions
/// of remote configuration that it allowed end with it, and applications for devices that wait are void. Gives what ended. [`StoreError::Stale`]: it is over.
///
/// It appends no event of its own: whoever calls it has one to tell.
pub fn end(
    conn: &mut DbConn,
    site: &SiteId,
    id: &GrantId,
    because: GrantEnd,
    now: DateTime<Utc>,
) -> Result<Vec<Grant>, StoreError> {
    let grant = get_grant(conn, site, id)?;
    lock(conn, &grant.company_id, site)?;
    // Somebody else may have ended it while this one waited for its turn.
    let grant = get_grant(conn, site, id)?;
    if !grant.holds(now) {
        return Err(StoreError::Stale);
    }
    if grant.permission != Permission::Site {
        return end_those(conn, vec![grant], Some(now), because, now);
    }
    let ended = end_of_site(conn, &grant.company_id, site, because, now)?;
    // Its owner is not asked for what could not work.
    grant_requests::void_for_devices(conn, site, &grant.company_id, now)?;
    sites::set_status(conn, &grant.company_id, site, SiteStatus::NotAuthorized, now)?;
    Ok(ended)
}

/// Ends whatever a company may do on a site; the status of the site is its caller's. Gives what ended.
pub fn end_of_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    because: GrantEnd,
    now: DateTime<Utc>,
) -> Result<Vec<Grant>, StoreError> {
    lock(conn, company, site)?;
    let open: Vec<Row> = Select::new(GRANTS)
        .sql("g.company_id = ")
        .text(company.as_str())
        .sql(" AND g.site_id = ")
        .text(site.as_str())
        .sql(" AND g.ended_at IS NULL ORDER BY g.id")
        .load(conn)?;
    let open = open.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    let (holding, over): (Vec<_>, Vec<_>) = open.into_iter().partition(|grant| grant.holds(now));
    end_those(conn, over, None, GrantEnd::Expired, now)?;
    end_those(conn, holding, Some(now), because, now)
}

/// Writes down the end of grants whose time is over, the oldest first, at most `limit`; gives them.
pub fn end_over(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<Vec<Grant>, StoreError> {
    let over: Vec<Row> = Select::new(GRANTS)
        .sql("g.ended_at IS NULL AND g.valid_until <= ")
        .number(micros(now))
        .sql(" ORDER BY g.valid_until, g.id LIMIT ")
        .number(i64::from(limit))
        .load(conn)?;
    let over = over.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    end_those(conn, over, None, GrantEnd::Expired, now)
}

/// Ends grants for devices that are not on their site any more, at most `limit`; gives them.
pub fn end_without_device(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<Vec<Grant>, StoreError> {
    let gone: Vec<Row> =
        Select::new(GRANTS).sql(WITHOUT_DEVICE).sql(" ORDER BY g.id LIMIT ").number(i64::from(limit)).load(conn)?;
    let gone = gone.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    end_those(conn, gone, Some(now), GrantEnd::DeviceGone, now)
}

/// Whether there are grants whose time is over and whose end nobody wrote down.
pub fn any_over(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let rows: Vec<Row> = Select::new(GRANTS)
        .sql("g.ended_at IS NULL AND g.valid_until <= ")
        .number(micros(now))
        .sql(" LIMIT 1")
        .load(conn)?;
    Ok(!rows.is_empty())
}

/// Whether there are open grants for devices that are not on their site any more.
pub fn any_without_device(conn: &mut DbConn) -> Result<bool, StoreError> {
    let rows: Vec<Row> = Select::new(GRANTS).sql(WITHOUT_DEVICE).sql(" LIMIT 1").load(conn)?;
    Ok(!rows.is_empty())
}

/// Ends these, at `at` or each at the end of its own time, unless somebody else has.
fn end_those(
    conn: &mut DbConn,
    grants: Vec<Grant>,
    at: Option<DateTime<Utc>>,
    because: GrantEnd,
    now: DateTime<Utc>,
) -> Result<Vec<Grant>, StoreError> {
    let mut ended = Vec::with_capacity(grants.len());
    for mut grant in grants {
        let end = at.or(grant.valid_until).unwrap_or(now);
        let changed = Select::new("UPDATE grants SET ended_at = ")
            .number(micros(end))
            .sql(", ended_because = ")
            .text(because.as_str())
            .sql(" WHERE ended_at IS NULL AND id = ")
            .text(grant.id.as_str())
            .execute(conn)?;
        if changed == 0 {
            continue;
        }
        if let (Some((device, _)), Permission::Configuration) = (&grant.device, grant.permission) {
            remote_sessions::close_of_device(conn, device, now)?;
        }
        grant.ended = Some((end, because));
        ended.push(grant);
    }
    Ok(ended)
}
