//! When devices of a site could not be looked at, were worked on, or were offline: read from the event log, the maintenance
//! windows and the changes of health.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::Value;
use siteward_domain::availability::{Absences, Span, Spans};
use siteward_domain::event::EventKind;
use siteward_domain::health::DeviceHealth;
use siteward_domain::{CompanyId, DeviceId, LinkId, SiteId};

use super::{ReportedDevice, of_site};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::network_losses;
use crate::select::Select;

/// Most events and changes that are read, the newest.
const MOST_ROWS: i64 = 200_000;

/// How long before a span an absence may have begun and still be known.
const LONGEST_ABSENCE: Duration = Duration::days(92);

/// The absences of a site within a span.
#[derive(Debug, Clone, Default)]
pub struct SiteAbsences {
    own_network: Spans,
    links: HashMap<LinkId, Spans>,
    maintenance: HashMap<Option<DeviceId>, Spans>,
    offline: HashMap<DeviceId, Spans>,
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Text)]
    data: String,
}

#[derive(QueryableByName)]
struct ChangeRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Text)]
    from_health: String,
    #[diesel(sql_type = Text)]
    to_health: String,
}

#[derive(QueryableByName)]
struct OfflineRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    health_since: Option<i64>,
}

impl EventRow {
    /// What it says more.
    fn detail(&self, name: &str) -> Option<Value> {
        serde_json::from_str::<Value>(&self.data).ok()?.get(name).cloned()
    }
}

impl SiteAbsences {
    /// Those of one device.
    pub fn of_device(&self, device: &ReportedDevice) -> Absences {
        let link = device.link_id.as_ref().and_then(|link| self.links.get(link));
        let windows = |of: &Option<DeviceId>| self.maintenance.get(of).cloned().unwrap_or_default();
        Absences {
            own_network: self.own_network.clone(),
            link: link.cloned().unwrap_or_default(),
            maintenance: windows(&None).union(&windows(&Some(device.id.clone()))),
            offline: self.offline.get(&device.id).cloned().unwrap_or_default(),
        }
    }

    /// The time that the platform's own network was lost.
    pub fn own_network(&self) -> &Spans {
        &self.own_network
    }

    /// The times that any device may be concerned by.
    pub fn touched(&self) -> Spans {
        let all = self.links.values().chain(self.maintenance.values());
        Spans::of(self.own_network.iter().chain(all.flat_map(Spans::iter)))
    }
}

/// The absences of a site within `from..to`, up to now.
pub fn absences(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<SiteAbsences, StoreError> {
    let within = Span { from: from.timestamp(), to: to.timestamp() };
    let maintenance = maintenance(conn, company, site, from, to)?;
    // Which part of an hour's downtime fell into a window matters only where there is one.
    let offline = if maintenance.is_empty() { HashMap::new() } else { offline(conn, company, site, within)? };
    Ok(SiteAbsences {
        own_network: own_network(conn, company, from, to, now)?,
        links: links(conn, company, site, from, to)?,
        maintenance,
        offline,
    })
}

fn events(
    conn: &mut DbConn,
    company: &CompanyId,
    narrowed: Select,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<EventRow>, StoreError> {
    // The words stand in the query as they stand in the index that has only these.
    let mut rows: Vec<EventRow> = Select::new("SELECT kind, at, data FROM events WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND kind IN ('network_back', 'link_online', 'link_offline', 'link_revoked')")
        .then(narrowed)
        .sql(" AND at BETWEEN ")
        .number(micros(from))
        .sql(" AND ")
        .number(micros(to))
        .sql(" ORDER BY at DESC, seq DESC LIMIT ")
        .number(MOST_ROWS)
        .load(conn)?;
    rows.reverse();
    Ok(rows)
}

/// A loss is told with its duration when it is over; one that lasts stands in a table of its own.
fn own_network(
    conn: &mut DbConn,
    company: &CompanyId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Spans, StoreError> {
    let kind = Select::new(" AND kind = ").text(EventKind::NetworkBack.as_str());
    let back = events(conn, company, kind, from, to + LONGEST_ABSENCE)?;
    let over = back.iter().map(|row| {
        let at = row.at.div_euclid(1_000_000);
        let seconds = row.detail("duration_seconds").and_then(|seconds| seconds.as_i64());
        Span { from: at - seconds.unwrap_or(0), to: at }
    });
    let lasting = network_losses::lost_since(conn)?.map(|since| Span { from: since.timestamp(), to: now.timestamp() });
    Ok(Spans::of(over.chain(lasting)))
}

fn links(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<LinkId, Spans>, StoreError> {
    let of_site = Select::new(" AND kind <> 'network_back' AND site_id = ").text(site.as_str());
    let mut down: HashMap<LinkId, Vec<Span>> = HashMap::new();
    for row in events(conn, company, of_site, from - LONGEST_ABSENCE, to)? {
        let link = row.detail("link_id").and_then(|id| id.as_str()?.parse().ok());
        let Some(link) = link else { continue };
        let (spans, at) = (down.entry(link).or_default(), row.at.div_euclid(1_000_000));
        let open = spans.last_mut().filter(|span| span.to == i64::MAX);
        if row.kind == EventKind::LinkOnline.as_str() {
            if let Some(span) = open {
                span.to = at;
            }
        } else if open.is_none() {
            spans.push(Span { from: at, to: i64::MAX });
        }
    }
    Ok(down.into_iter().map(|(link, spans)| (link, Spans::of(spans))).collect())
}

/// When each device was offline within a span: between the changes into and out of it.
fn offline(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    within: Span,
) -> Result<HashMap<DeviceId, Spans>, StoreError> {
    let query = Select::new(
        "SELECT d.id, t.at, t.from_health, t.to_health FROM devices d CROSS JOIN transitions t WHERE t.place = d.place AND ",
    );
    let rows: Vec<ChangeRow> = of_site(query, company, site)
        .sql(" AND t.at >= ")
        .number(within.from * 1_000_000)
        .sql(" AND t.at < ")
        .number(within.to.saturating_mul(1_000_000))
        .sql(" ORDER BY t.at, t.id LIMIT ")
        .number(MOST_ROWS)
        .load(conn)?;
    let word = DeviceHealth::Offline.as_str();
    let mut found: HashMap<DeviceId, Vec<Span>> = HashMap::new();
    for row in rows {
        let spans = found.entry(read(row.id, "devices.id")?).or_default();
        let at = row.at.div_euclid(1_000_000);
        if row.from_health == word {
            match spans.last_mut() {
                Some(span) if span.to == within.to => span.to = at,
                Some(_) => {}
                None => spans.push(Span { from: within.from, to: at }),
            }
        }
        if row.to_health == word {
            spans.push(Span { from: at, to: within.to });
        }
    }
    let query = Select::new("SELECT d.id, d.health_since FROM devices d WHERE d.health = ").text(word).sql(" AND ");
    let rows: Vec<OfflineRow> = of_site(query, company, site).load(conn)?;
    for row in rows {
        let since = row.health_since.map_or(within.from, |since| since.div_euclid(1_000_000));
        let span = Span { from: since.max(within.from), to: within.to };
        found.entry(read(row.id, "devices.id")?).or_default().push(span);
    }
    Ok(found.into_iter().map(|(device, spans)| (device, Spans::of(spans))).collect())
}

/// Maintenance windows: of the whole site (`None`) and of single devices.
fn maintenance(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<Option<DeviceId>, Spans>, StoreError> {
    let mut found: HashMap<Option<DeviceId>, Vec<Span>> = HashMap::new();
    for window in crate::maintenance::spans(conn, company, site, from, to)? {
        let span = Span { from: window.from.timestamp(), to: window.to.timestamp() };
        found.entry(window.device).or_default().push(span);
    }
    Ok(found.into_iter().map(|(device, spans)| (device, Spans::of(spans))).collect())
}
