//! What other rules would change, told before they are saved.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::Standing;
use siteward_domain::firmware::{CompatibilityRules, Incompatibility};
use siteward_domain::{CompanyId, DeviceId};

use super::of_company;
use crate::columns::{read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most devices that are told by name.
const MOST_NAMED: usize = 100;

/// What other rules would change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Affected {
    /// Devices that would lose functions, get some back, or need another version for them.
    pub devices: u64,
    /// Those of them that would not be watched any more.
    pub unwatched: u64,
    /// The first hundred of them, by site and name.
    pub named: Vec<AffectedDevice>,
}

/// A device for which other rules would change something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedDevice {
    /// The device.
    pub id: DeviceId,
    /// Its name, may be empty.
    pub name: String,
    /// The name of its site.
    pub site_name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its model.
    pub model: String,
    /// Its firmware.
    pub firmware: String,
    /// What its firmware is too old for now.
    pub now: Option<Incompatibility>,
    /// What it would be too old for.
    pub then: Option<Incompatibility>,
}

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site_name: String,
}

/// What would change for the devices of a company if it went by `rules`. Nothing is written.
pub fn affected(conn: &mut DbConn, company: &CompanyId, rules: &CompatibilityRules) -> Result<Affected, StoreError> {
    let present = of_company(conn, company)?;
    let groups: Vec<GroupRow> = Select::new("SELECT DISTINCT kind, model, firmware FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" ORDER BY kind, model, firmware")
        .load(conn)?;
    let mut found = Affected::default();
    for group in groups {
        let kind = word(DeviceKind::from_stored(&group.kind), "devices.kind")?;
        let now = present.check(kind, &group.model, &group.firmware);
        let then = rules.check(kind, &group.model, &group.firmware);
        if now == then {
            continue;
        }
        let of_group = of_group(conn, company, &group)?;
        let count = u64::try_from(of_group.len()).unwrap_or(0);
        found.devices += count;
        if is_watched(now.as_ref()) && !is_watched(then.as_ref()) {
            found.unwatched += count;
        }
        for row in of_group {
            found.named.push(AffectedDevice {
                id: read(row.id, "devices.id")?,
                name: row.name,
                site_name: row.site_name,
                kind,
                model: group.model.clone(),
                firmware: group.firmware.clone(),
                now: now.clone(),
                then: then.clone(),
            });
        }
    }
    found
        .named
        .sort_by(|one, other| (&one.site_name, &one.name, &one.id).cmp(&(&other.site_name, &other.name, &other.id)));
    found.named.truncate(MOST_NAMED);
    Ok(found)
}

fn is_watched(lost: Option<&Incompatibility>) -> bool {
    Standing { monitoring: true, incompatibility: lost.cloned() }.is_watched()
}

fn of_group(conn: &mut DbConn, company: &CompanyId, group: &GroupRow) -> Result<Vec<DeviceRow>, StoreError> {
    Select::new(
        "SELECT d.id, d.name, s.name AS site_name FROM devices d JOIN sites s ON s.id = d.site_id WHERE d.company_id = ",
    )
    .text(company.as_str())
    .sql(" AND d.kind = ")
    .text(group.kind.as_str())
    .sql(" AND d.model = ")
    .text(group.model.as_str())
    .sql(" AND d.firmware = ")
    .text(group.firmware.as_str())
    .sql(" ORDER BY d.id LIMIT 100000")
    .load(conn)
}
