//! Who runs what: devices counted by kind, model and firmware, in one pass over one index.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use siteward_domain::device::DeviceKind;

use crate::columns::word;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::reach::{DEVICES, Reach};
use crate::select::Select;

/// Most groups that are told at once.
pub const MOST_GROUPS: usize = 5_000;

/// Devices of one kind and model that run the same firmware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetGroup {
    /// What they are.
    pub kind: DeviceKind,
    /// Their model as they write it; empty where they never told.
    pub model: String,
    /// Their firmware as they write it; empty where they never told.
    pub firmware: String,
    /// How many there are.
    pub devices: u64,
}

/// The groups of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fleet {
    /// By kind, model and firmware; at most [`MOST_GROUPS`].
    pub groups: Vec<FleetGroup>,
    /// Whether there are more.
    pub more: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = BigInt)]
    devices: i64,
}

/// Counts the devices within reach by kind, model and firmware; of one kind only where it is given.
pub fn count_fleet(conn: &mut DbConn, reach: &Reach, kind: Option<DeviceKind>) -> Result<Fleet, StoreError> {
    let columns = Select::new("SELECT d.kind, d.model, d.firmware, count(*) AS devices FROM ");
    // A few sites are counted by the index of the site, all others by the one of the firmware.
    let mut query = if reach.has_few(conn)? {
        let of_sites = reach.assignments("site_managers r CROSS JOIN devices d WHERE ");
        columns.then(of_sites).sql(" AND d.company_id = r.company_id AND d.site_id = r.site_id")
    } else {
        columns.sql("devices d WHERE ").then(reach.rows(&DEVICES, Select::new("")))
    };
    if let Some(kind) = kind {
        query = query.sql(" AND d.kind = ").text(kind.as_str());
    }
    let most = i64::try_from(MOST_GROUPS).unwrap_or(i64::MAX);
    let mut rows: Vec<Row> = query
        .sql(" GROUP BY d.kind, d.model, d.firmware ORDER BY d.kind, d.model, d.firmware LIMIT ")
        .number(most.saturating_add(1))
        .load(conn)?;
    let more = rows.len() > MOST_GROUPS;
    rows.truncate(MOST_GROUPS);
    Ok(Fleet { groups: rows.into_iter().map(group).collect::<Result<_, _>>()?, more })
}

fn group(row: Row) -> Result<FleetGroup, StoreError> {
    Ok(FleetGroup {
        kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
        model: row.model,
        firmware: row.firmware,
        devices: u64::try_from(row.devices).unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::{DeviceFilter, create_device, list_devices};
    use crate::testing::{at, company, new_device, on_both, site};
    use siteward_domain::CompanyId;

    fn add(store: &crate::Store, company: &CompanyId, site: &siteward_domain::SiteId, number: u32, firmware: &str) {
        let mut new = new_device(store, company, site, &format!("10.0.0.{number}"), number);
        if let Some(identity) = &mut new.identity {
            identity.firmware_version = firmware.into();
            identity.firmware_released = None;
        }
        store.write(|conn| create_device(conn, &new, at(0))).unwrap();
    }

    #[test]
    fn devices_are_counted_by_what_they_run_and_those_of_a_group_are_listed() {
        on_both(|store| {
            let (mine, other) = (company(store), company(store));
            let (villa, theirs) = (site(store, &mine, "Villa"), site(store, &other, "Theirs"));
            for (number, firmware) in [(1, "V5.5.0"), (2, "V5.5.0"), (3, "V5.7.0")] {
                add(store, &mine, &villa, number, firmware);
            }
            add(store, &other, &theirs, 4, "V5.5.0");
            let fleet = store.read(|conn| count_fleet(conn, &Reach::of_company(&mine), None)).unwrap();
            let counts: Vec<_> = fleet.groups.iter().map(|group| (group.firmware.as_str(), group.devices)).collect();
            assert_eq!((counts, fleet.more), (vec![("V5.5.0", 2), ("V5.7.0", 1)], false));
            let none =
                store.read(|conn| count_fleet(conn, &Reach::of_company(&mine), Some(DeviceKind::Switch))).unwrap();
            assert_eq!(none.groups, vec![]);
            let group = fleet.groups[0].clone();
            let filter = DeviceFilter {
                kind: Some(group.kind),
                model: Some(group.model),
                firmware: Some(group.firmware),
                ..DeviceFilter::default()
            };
            let period = chrono::Duration::seconds(60);
            let page = store
                .read(|conn| list_devices(conn, &Reach::of_company(&mine), &filter, at(0), period, None, 20))
                .unwrap();
            assert_eq!(page.items.len(), 2);
        });
    }
}
