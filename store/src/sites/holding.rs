//! Holding a site: what its status allows is decided by one at a time.
//!
//! Whoever adds, moves or deletes a device, applies for something, or does anything else that the status must allow, holds
//! the site first and then looks at it; whoever changes the status or the owner holds it, too. So an acceptance comes before all
//! of it or after all of it, never in between. On SQLite nobody else writes anyway.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use super::{Site, get_site};
use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "only that the row is held counts")]
    id: String,
}

#[derive(QueryableByName)]
struct SiteOfDevice {
    #[diesel(sql_type = Text)]
    site_id: String,
}

/// Holds a site until the commit and gives it as it is then. [`StoreError::NotFound`]: the company has no such site. Hold it
/// before anything else that others wait for, and before telling the event log.
pub fn hold_site(conn: &mut DbConn, company: &CompanyId, id: &SiteId) -> Result<Site, StoreError> {
    if matches!(conn, DbConn::Postgresql(_)) {
        let _held: Vec<IdRow> = Select::new("SELECT id FROM sites WHERE company_id = ")
            .text(company.as_str())
            .sql(" AND id = ")
            .text(id.as_str())
            .sql(" FOR NO KEY UPDATE")
            .load(conn)?;
    }
    get_site(conn, company, id)
}

/// Holds some sites, in the order of their ids, so that two who do this at once never wait for each other. Those that the company
/// does not have are left out.
pub fn hold_sites(conn: &mut DbConn, company: &CompanyId, ids: &[&SiteId]) -> Result<(), StoreError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        match hold_site(conn, company, id) {
            Ok(_) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Holds the sites that some devices of a company are on.
pub fn hold_sites_of(conn: &mut DbConn, company: &CompanyId, devices: &[DeviceId]) -> Result<(), StoreError> {
    let rows: Vec<SiteOfDevice> = Select::new("SELECT DISTINCT site_id FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id IN ")
        .texts(devices.iter().map(DeviceId::as_str))
        .sql(" ORDER BY site_id")
        .load(conn)?;
    let sites = rows.into_iter().map(|row| read(row.site_id, "devices.site_id")).collect::<Result<Vec<_>, _>>()?;
    hold_sites(conn, company, &sites.iter().collect::<Vec<_>>())
}
