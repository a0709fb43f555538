//! Exceptions of a site that were open at any time of a span.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::availability::Span;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::report::Outages;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::exceptions::key;
use crate::select::Select;

/// An exception as a report tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedException {
    /// The device.
    pub device_id: DeviceId,
    /// The device's name.
    pub device_name: String,
    /// What was wrong with which part.
    pub key: ExceptionKey,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// When it closed.
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
}

#[derive(QueryableByName)]
struct OutageRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    lasted: i64,
}

/// Those of a site, newest first, at most `limit`.
pub fn exceptions_within(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    span: (DateTime<Utc>, DateTime<Utc>),
    limit: u32,
) -> Result<Vec<ReportedException>, StoreError> {
    let query = Select::new(
        "SELECT e.device_id, d.name AS device_name, e.kind, e.part, e.opened_at, e.closed_at
         FROM exceptions e JOIN devices d ON d.id = e.device_id WHERE ",
    );
    let rows: Vec<Row> = within(query, company, site, span)
        .sql(" ORDER BY e.opened_at DESC, e.id DESC LIMIT ")
        .number(i64::from(limit))
        .load(conn)?;
    let exception = |row: Row| {
        Ok(ReportedException {
            device_id: read(row.device_id, "exceptions.device_id")?,
            device_name: row.device_name,
            key: key(&row.kind, row.part)?,
            opened_at: time(row.opened_at)?,
            closed_at: time_or_none(row.closed_at)?,
        })
    };
    rows.into_iter().map(exception).collect()
}

/// How many exceptions of a kind there were, and how long they lasted within the span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindCount {
    /// The kind.
    pub kind: ExceptionKind,
    /// How many.
    pub count: u64,
    /// Seconds of all of them together.
    pub seconds: i64,
}

/// The exceptions of a site by kind, most of them first.
pub fn exception_counts(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<KindCount>, StoreError> {
    let (from, to) = (micros(span.0), micros(span.1));
    let query =
        Select::new("SELECT e.kind, count(*) AS count, CAST(sum(CASE WHEN e.closed_at IS NULL OR e.closed_at > ")
            .number(to)
            .sql(" THEN ")
            .number(to)
            .sql(" ELSE e.closed_at END - CASE WHEN e.opened_at < ")
            .number(from)
            .sql(" THEN ")
            .number(from)
            .sql(" ELSE e.opened_at END) AS BIGINT) AS lasted FROM exceptions e WHERE ");
    let rows: Vec<CountRow> =
        within(query, company, site, span).sql(" GROUP BY e.kind ORDER BY count(*) DESC, e.kind").load(conn)?;
    let count = |row: CountRow| {
        Ok(KindCount {
            kind: word(ExceptionKind::from_stored(&row.kind), "exceptions.kind")?,
            count: number(row.count, "count")?,
            seconds: row.lasted.div_euclid(1_000_000),
        })
    };
    rows.into_iter().map(count).collect()
}

/// How often and how long each device of a site was offline. One that never was is not in the map.
pub fn outages_within(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> Result<HashMap<DeviceId, Outages>, StoreError> {
    let query = Select::new("SELECT e.device_id, e.opened_at, e.closed_at FROM exceptions e WHERE ");
    let rows: Vec<OutageRow> = within(query, company, site, span)
        .sql(" AND e.kind = ")
        .text(ExceptionKind::DeviceOffline.as_str())
        .load(conn)?;
    let all = Span { from: span.0.timestamp(), to: span.1.timestamp() };
    let mut found: HashMap<DeviceId, Outages> = HashMap::new();
    for row in rows {
        let to = row.closed_at.map_or(all.to, |at| at.div_euclid(1_000_000));
        let outage = Span { from: row.opened_at.div_euclid(1_000_000), to };
        found.entry(read(row.device_id, "exceptions.device_id")?).or_default().note(outage, all);
    }
    Ok(found)
}

fn within(query: Select, company: &CompanyId, site: &SiteId, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Select {
    query
        .sql("e.company_id = ")
        .text(company.as_str())
        .sql(" AND e.site_id = ")
        .text(site.as_str())
        .sql(" AND e.opened_at < ")
        .number(micros(to))
        .sql(" AND (e.closed_at IS NULL OR e.closed_at >= ")
        .number(micros(from))
        .sql(")")
}
