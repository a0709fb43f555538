//! Uptime of all devices of a site: summed up by local day in the database, by the hour only where that matters.

use std::collections::HashMap;
use std::ops::Range;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::availability::Spans;
use siteward_domain::report::{Measured, Plan};
use siteward_domain::{CompanyId, DeviceId, SiteId};

use super::of_site;
use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    up: i64,
    #[diesel(sql_type = BigInt)]
    down: i64,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    both_sums: Option<i64>,
}

/// What was measured of each device of a site within a plan, by the hour where `touched` falls. A device nothing is known
/// of is not in the map.
pub fn uptime_of_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    plan: &Plan,
    touched: &Spans,
) -> Result<HashMap<DeviceId, Measured>, StoreError> {
    let mut found: HashMap<DeviceId, Measured> = HashMap::new();
    for row in by_day(conn, company, site, plan)? {
        let place = usize::try_from(row.number).unwrap_or(usize::MAX);
        measured(&mut found, row.id)?.by_day.insert(place, (row.up, row.down));
    }
    for row in by_hour(conn, company, site, &plan.hours_within(touched))? {
        measured(&mut found, row.id)?.by_hour.insert(row.number, (row.up, row.down));
    }
    for row in rolled(conn, company, site, &plan.rolled)? {
        measured(&mut found, row.id)?.rolled.insert(row.number, (row.up, row.down));
    }
    Ok(found)
}

fn measured(found: &mut HashMap<DeviceId, Measured>, id: String) -> Result<&mut Measured, StoreError> {
    Ok(found.entry(read(id, "devices.id")?).or_default())
}

/// Up in the upper half of a number and down in the lower one: the hours of a day are gone through once for both sums.
const UPPER: i64 = 1 << 32;

/// The days of a site differ in length and do not begin at the same hour of UTC all year: they go over as a table.
fn by_day(conn: &mut DbConn, company: &CompanyId, site: &SiteId, plan: &Plan) -> Result<Vec<Row>, StoreError> {
    let known = (0_i64..).zip(&plan.days).filter(|(_, day)| day.end_hour > day.first_hour);
    let rows: Vec<String> =
        known.map(|(place, day)| format!("({place}, {}, {})", day.first_hour, day.end_hour)).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let query = Select::new("WITH days (number, first_hour, end_hour) AS (VALUES ")
        .sql(&rows.join(", "))
        .sql(") SELECT d.id, CAST(t.number AS BIGINT) AS number, (SELECT CAST(sum(u.up_seconds * CAST(")
        .number(UPPER)
        .sql(
            " AS BIGINT) + u.down_seconds) AS BIGINT) FROM uptime_hours u
             WHERE u.place = d.place AND u.hour >= t.first_hour AND u.hour < t.end_hour) AS both_sums
             FROM devices d CROSS JOIN days t WHERE ",
        );
    let rows: Vec<DayRow> = of_site(query, company, site).load(conn)?;
    let split = |row: DayRow| {
        let both = row.both_sums?;
        Some(Row { id: row.id, number: row.number, up: both / UPPER, down: both % UPPER })
    };
    Ok(rows.into_iter().filter_map(split).collect())
}

fn by_hour(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    ranges: &[Range<i64>],
) -> Result<Vec<Row>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<String> = ranges.iter().map(|hours| format!("({}, {})", hours.start, hours.end)).collect();
    let query = Select::new("WITH spans (first_hour, end_hour) AS (VALUES ").sql(&rows.join(", ")).sql(
        ") SELECT d.id, u.hour AS number, CAST(u.up_seconds AS BIGINT) AS up, CAST(u.down_seconds AS BIGINT) AS down
         FROM devices d CROSS JOIN spans t CROSS JOIN uptime_hours u
         WHERE u.place = d.place AND u.hour >= t.first_hour AND u.hour < t.end_hour AND ",
    );
    of_site(query, company, site).load(conn)
}

fn rolled(conn: &mut DbConn, company: &CompanyId, site: &SiteId, days: &Range<i64>) -> Result<Vec<Row>, StoreError> {
    if days.is_empty() {
        return Ok(Vec::new());
    }
    let query = Select::new(
        "SELECT d.id, u.day AS number, CAST(u.up_seconds AS BIGINT) AS up, CAST(u.down_seconds AS BIGINT) AS down
         FROM devices d CROSS JOIN uptime_days u WHERE u.place = d.place AND u.day >= ",
    )
    .number(days.start)
    .sql(" AND u.day < ")
    .number(days.end)
    .sql(" AND ");
    of_site(query, company, site).load(conn)
}
