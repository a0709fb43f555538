//! Health monitoring of devices: whether it is on (R-O1), and what a device's functions depend on (R-O2).
//!
//! A device that nobody watches has no health, no open exception and no downtime. What it is not watched for stands in
//! its row, so that pollers and lists need no rules; whatever changes the switch, kind, model, firmware or the rules of
//! compatibility judges it anew, in the same transaction.

mod judging;
mod resting;
mod switching;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::Standing;
use siteward_domain::{CompanyId, DeviceId};

use crate::columns::word;
use crate::compatibility_rules;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

pub(crate) use judging::{judge, judge_company, judge_new, judge_platform};
pub use switching::{Switch, devices_of_site, switch};

/// Since when health monitoring of a device is off, and who did that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchedOff {
    /// When.
    pub at: DateTime<Utc>,
    /// The person's name at that time.
    pub by: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Bool)]
    monitoring: bool,
}

/// What a device's functions depend on now. A device that is not the company's is not found.
pub fn standing(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<Standing, StoreError> {
    let mut rows: Vec<Row> = Select::new("SELECT kind, model, firmware, monitoring FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(device.as_str())
        .load(conn)?;
    let row = rows.pop().ok_or(StoreError::NotFound)?;
    let kind = word(DeviceKind::from_stored(&row.kind), "devices.kind")?;
    let rules = compatibility_rules::of_company(conn, company)?;
    Ok(Standing { monitoring: row.monitoring, incompatibility: rules.check(kind, &row.model, &row.firmware) })
}

#[cfg(test)]
mod tests;
