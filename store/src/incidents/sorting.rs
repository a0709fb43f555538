//! Sorting exceptions into incidents, again and again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::incident::{Settling, cause_of};
use siteward_domain::{CompanyId, DeviceId, IncidentId, SiteId};

use super::opening::{self, Opening};
use super::premises::{self, Premises};
use super::{closing, of_links};
use crate::columns::{micros, read, read_or_none, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events;
use crate::exceptions;
use crate::select::Select;
use crate::tellings;

/// Whose row in `event_readers` is the lock of whoever sorts.
const LOCK: &str = "incidents";
/// Most sites sorted in one transaction.
const SITES_AT_ONCE: i64 = 200;

/// An open exception that belongs to no incident.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) device: DeviceId,
    pub(super) key: ExceptionKey,
    pub(super) opened_at: DateTime<Utc>,
    /// From when its wait counts.
    pub(super) since: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
}

#[derive(QueryableByName)]
struct WaitingRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = BigInt)]
    since: i64,
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    cause_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
pub(super) struct Found {
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) id: Option<String>,
}

/// Whether there is anything for [`sort`] to do, only to look. Links count only if somebody has been `watching` them for
/// long enough to know that they do not come back.
pub fn is_due(conn: &mut DbConn, settling: Settling, watching: bool, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!due_sites(conn, settling, now)?.is_empty()
        || closing::is_due(conn)?
        || (watching && !of_links::find_due(conn, settling, now)?.is_empty()))
}

/// Closes incidents that are over, opens those that are due, and puts into open ones what belongs to them; gives how many
/// were opened and closed.
pub fn sort(conn: &mut DbConn, settling: Settling, watching: bool, now: DateTime<Utc>) -> Result<usize, StoreError> {
    events::reader_position(conn, LOCK)?;
    let mut changed = closing::close_all(conn, now)?;
    for (company, site) in due_sites(conn, settling, now)? {
        changed += sort_site(conn, &company, &site, settling, now)?;
    }
    if watching {
        changed += of_links::open_all(conn, settling, now)?;
    }
    Ok(changed)
}

/// Sites where an exception has waited long enough, or waits beside an incident that it may belong to.
fn due_sites(
    conn: &mut DbConn,
    settling: Settling,
    now: DateTime<Utc>,
) -> Result<Vec<(CompanyId, SiteId)>, StoreError> {
    let rows: Vec<SiteRow> = Select::new(
        "SELECT DISTINCT e.company_id, e.site_id FROM exceptions e WHERE e.closed_at IS NULL AND e.incident_id IS NULL
         AND (coalesce(e.waiting_since, e.opened_at) <= ",
    )
    .number(micros(now - settling.after))
    .sql(
        " OR EXISTS (SELECT 1 FROM incidents i WHERE i.company_id = e.company_id AND i.site_id = e.site_id
         AND i.closed_at IS NULL)) ORDER BY e.site_id LIMIT ",
    )
    .number(SITES_AT_ONCE)
    .load(conn)?;
    let read = |row: SiteRow| Ok((read(row.company_id, "company_id")?, read(row.site_id, "exceptions.site_id")?));
    rows.into_iter().map(read).collect()
}

fn sort_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    settling: Settling,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let premises = premises::load(conn, site)?;
    let open = open_incidents(conn, site)?;
    let mut opened = 0;
    for ((device, kind), mut group) in by_cause(&premises, waiting(conn, site)?) {
        let is_over = group.iter().any(|(is_sure, one)| settling.is_over(*is_sure, one.since, now));
        match open.get(&(device.as_str().to_owned(), kind.as_str().to_owned())) {
            Some(incident) => {
                // What may still turn out to have another cause waits on.
                group.retain(|(is_sure, one)| *is_sure || settling.is_over(false, one.since, now));
                opening::add(conn, incident, &ids(&group))?;
                if !group.is_empty() {
                    tellings::touch_incident(conn, incident, now)?;
                }
            }
            None if is_over => {
                let opening = Opening { company, site, device: &device, kind };
                let group: Vec<&Waiting> = group.iter().map(|(_, one)| one).collect();
                opening::open(conn, &premises, &opening, &group, now)?;
                opened += 1;
            }
            None => {}
        }
    }
    Ok(opened)
}

type Groups = BTreeMap<(DeviceId, ExceptionKind), Vec<(bool, Waiting)>>;

fn by_cause(premises: &Premises, waiting: Vec<Waiting>) -> Groups {
    let mut groups = Groups::new();
    for one in waiting {
        let standing = |id: &DeviceId| premises.standing(id);
        let cause = cause_of(&premises.tree, &premises.places, standing, &one.device, &one.key, one.opened_at);
        groups.entry((cause.device, cause.kind)).or_default().push((cause.is_sure, one));
    }
    groups
}

fn ids(group: &[(bool, Waiting)]) -> Vec<&str> {
    group.iter().map(|(_, one)| one.id.as_str()).collect()
}

fn waiting(conn: &mut DbConn, site: &SiteId) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<WaitingRow> = Select::new(
        "SELECT id, device_id, kind, part, opened_at, coalesce(waiting_since, opened_at) AS since FROM exceptions
         WHERE closed_at IS NULL AND incident_id IS NULL AND site_id = ",
    )
    .text(site.as_str())
    .sql(" ORDER BY id LIMIT 100000")
    .load(conn)?;
    let read = |row: WaitingRow| {
        Ok(Waiting {
            id: row.id,
            device: read(row.device_id, "exceptions.device_id")?,
            key: exceptions::key(&row.kind, row.part)?,
            opened_at: time(row.opened_at)?,
            since: time(row.since)?,
        })
    };
    rows.into_iter().map(read).collect()
}

fn open_incidents(conn: &mut DbConn, site: &SiteId) -> Result<BTreeMap<(String, String), IncidentId>, StoreError> {
    let rows: Vec<OpenRow> =
        Select::new("SELECT id, cause_id, kind FROM incidents WHERE closed_at IS NULL AND site_id = ")
            .text(site.as_str())
            .sql(" ORDER BY id LIMIT 100000")
            .load(conn)?;
    let read = |row: OpenRow| Ok(((row.cause_id, row.kind), read(row.id, "incidents.id")?));
    rows.into_iter().map(read).collect()
}

/// The first id of a query, if it finds any.
pub(super) fn first<T: TryFrom<String>>(conn: &mut DbConn, query: Select) -> Result<Option<T>, StoreError> {
    let rows: Vec<Found> = query.load(conn)?;
    read_or_none(rows.into_iter().next().and_then(|row| row.id), "id")
}
