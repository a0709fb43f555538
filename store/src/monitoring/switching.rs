//! Switching health monitoring on and off.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::device_functions::Unwatched;
use siteward_domain::{CompanyId, DeviceId, SiteId, StaffId};

use super::judging;
use super::resting;
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most devices of one statement.
const AT_ONCE: usize = 500;

/// A switch to turn.
#[derive(Debug, Clone)]
pub struct Switch {
    /// The company.
    pub company_id: CompanyId,
    /// On or off.
    pub on: bool,
    /// Who turns it.
    pub by: StaffId,
    /// Their name.
    pub by_name: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Every device of a site.
pub fn devices_of_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<DeviceId>, StoreError> {
    let rows: Vec<Row> = Select::new("SELECT id FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(" ORDER BY id")
        .load(conn)?;
    rows.into_iter().map(|row| read(row.id, "devices.id")).collect()
}

/// Switches health monitoring of some devices on or off; gives those for which that changes anything, in the order of
/// their ids.
///
/// Off: the device is not polled any more, its health is unknown, and what is open on it closes with that reason. On: it is
/// looked at at once, unless its firmware is too old to be watched.
pub fn switch(
    conn: &mut DbConn,
    to: &Switch,
    devices: &[DeviceId],
    now: DateTime<Utc>,
) -> Result<Vec<DeviceId>, StoreError> {
    let mut changed: Vec<DeviceId> = Vec::new();
    for some in devices.chunks(AT_ONCE) {
        let query = if to.on {
            Select::new("UPDATE devices SET monitoring = TRUE, monitoring_off_at = NULL, monitoring_off_by = NULL")
        } else {
            Select::new("UPDATE devices SET monitoring = FALSE, monitoring_off_at = ")
                .number(micros(now))
                .sql(", monitoring_off_by = ")
                .text(to.by_name.as_str())
        };
        let rows: Vec<Row> = query
            .sql(" WHERE company_id = ")
            .text(to.company_id.as_str())
            .sql(if to.on { " AND NOT monitoring AND id IN " } else { " AND monitoring AND id IN " })
            .texts(some.iter().map(DeviceId::as_str))
            .sql(" RETURNING id")
            .load(conn)?;
        for row in rows {
            changed.push(read(row.id, "devices.id")?);
        }
    }
    changed.sort_unstable();
    if to.on {
        judging::judge_some(conn, &to.company_id, &changed, to.by.as_str(), now)?;
    } else {
        resting::rest(conn, &changed, Unwatched::MonitoringOff, to.by.as_str(), now)?;
    }
    Ok(changed)
}
