//! Disks of a site as they are now, and how warm they were.

use std::collections::HashMap;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text};
use siteward_domain::observation::Disk;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use super::of_site;
use crate::columns::{place_of, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most disks of which temperatures are told.
const MOST_ROWS: i64 = 100_000;

/// A disk of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteDisk {
    /// The device.
    pub device_id: DeviceId,
    /// What it last told of the disk.
    pub disk: Disk,
    /// The lowest and highest temperature of the span, where any was told.
    pub temperature: Option<(i32, i32)>,
}

/// A disk's temperatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskTemperatures {
    /// The device's own id of the disk.
    pub disk: String,
    /// Day by day, oldest first; days on which nothing was told are left out.
    pub days: Vec<TemperatureDay>,
}

/// How warm a disk was on a day, degrees Celsius.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemperatureDay {
    /// Days since 1970 UTC.
    pub day: i64,
    /// The lowest.
    pub lowest: i32,
    /// The highest.
    pub highest: i32,
}

#[derive(QueryableByName)]
struct FactRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct RangeRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    disk: String,
    #[diesel(sql_type = Integer)]
    lowest: i32,
    #[diesel(sql_type = Integer)]
    highest: i32,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Text)]
    disk: String,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = Integer)]
    lowest: i32,
    #[diesel(sql_type = Integer)]
    highest: i32,
}

/// The disks that a site's devices last told of, by device, with their temperatures on the days `from..=to` since 1970 UTC.
pub fn disks_of_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    (from, to): (i64, i64),
) -> Result<Vec<SiteDisk>, StoreError> {
    let query = Select::new(
        "SELECT d.id, f.value FROM devices d CROSS JOIN facts f WHERE f.place = d.place AND f.topic = 'disks' AND ",
    );
    let facts: Vec<FactRow> =
        of_site(query, company, site).sql(" ORDER BY d.name_lower, d.id LIMIT ").number(MOST_ROWS).load(conn)?;
    let query = Select::new(
        "SELECT min(d.id) AS id, t.disk, min(t.lowest) AS lowest, max(t.highest) AS highest FROM devices d
         CROSS JOIN disk_temperature_days t WHERE t.place = d.place AND t.day BETWEEN ",
    )
    .number(from)
    .sql(" AND ")
    .number(to)
    .sql(" AND ");
    let ranges: Vec<RangeRow> = of_site(query, company, site).sql(" GROUP BY t.place, t.disk").load(conn)?;
    let ranges: HashMap<(String, String), (i32, i32)> =
        ranges.into_iter().map(|row| ((row.id, row.disk), (row.lowest, row.highest))).collect();
    let mut found = Vec::new();
    for fact in facts {
        // What an older version wrote and this one cannot read is not told; the next look writes it anew.
        let disks: Vec<Disk> = serde_json::from_str(&fact.value).unwrap_or_default();
        let device_id: DeviceId = read(fact.id.clone(), "devices.id")?;
        found.extend(disks.into_iter().map(|disk| SiteDisk {
            device_id: device_id.clone(),
            temperature: ranges.get(&(fact.id.clone(), disk.id.clone())).copied(),
            disk,
        }));
    }
    Ok(found)
}

/// How warm the disks of a device were on the days `from..=to` since 1970 UTC.
pub fn disk_temperatures(
    conn: &mut DbConn,
    device: &DeviceId,
    (from, to): (i64, i64),
) -> Result<Vec<DiskTemperatures>, StoreError> {
    let rows: Vec<DayRow> = Select::new("SELECT disk, day, lowest, highest FROM disk_temperature_days WHERE place = ")
        .number(place_of(device))
        .sql(" AND day BETWEEN ")
        .number(from)
        .sql(" AND ")
        .number(to)
        .sql(" ORDER BY disk, day LIMIT ")
        .number(MOST_ROWS)
        .load(conn)?;
    let mut found: Vec<DiskTemperatures> = Vec::new();
    for row in rows {
        let day = TemperatureDay { day: row.day, lowest: row.lowest, highest: row.highest };
        match found.last_mut().filter(|last| last.disk == row.disk) {
            Some(last) => last.days.push(day),
            None => found.push(DiskTemperatures { disk: row.disk, days: vec![day] }),
        }
    }
    Ok(found)
}
