//! Closing incidents whose cause is over. What outlasts its cause waits once more and becomes an incident of its own.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::incident::CauseKind;
use siteward_domain::{CompanyId, DeviceId, IncidentId, SiteId};

use super::of_links;
use super::opening::ACTOR;
use crate::columns::{micros, read, time, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;

/// Most incidents closed in one transaction.
const AT_ONCE: i64 = 500;

/// Those that are over: the cause has no open exception of that kind in the incident, or the link is back or gone.
const OVER: &str = "SELECT i.id, i.company_id, i.site_id, i.cause, i.cause_id, i.kind, i.name, i.opened_at,
    (SELECT max(e.closed_at) FROM exceptions e WHERE e.incident_id = i.id AND e.device_id = i.cause_id
     AND e.kind = i.kind) AS ended_at,
    (SELECT e.closed_because FROM exceptions e WHERE e.incident_id = i.id AND e.device_id = i.cause_id
     AND e.kind = i.kind ORDER BY e.closed_at DESC LIMIT 1) AS because
    FROM incidents i WHERE i.closed_at IS NULL AND CASE WHEN i.cause = 'device'
    THEN NOT EXISTS (SELECT 1 FROM exceptions e WHERE e.incident_id = i.id AND e.closed_at IS NULL
                     AND e.device_id = i.cause_id AND e.kind = i.kind)
    ELSE NOT EXISTS (SELECT 1 FROM links l WHERE l.id = i.cause_id AND NOT l.online AND l.revoked_at IS NULL) END
    ORDER BY i.id LIMIT ";

#[derive(QueryableByName)]
struct Over {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    cause: String,
    #[diesel(sql_type = Text)]
    cause_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    /// Why it ended, where it did not get better.
    #[diesel(sql_type = Nullable<Text>)]
    because: Option<String>,
}

#[derive(QueryableByName)]
struct Affected {
    #[diesel(sql_type = BigInt)]
    affected: i64,
    #[diesel(sql_type = BigInt)]
    cameras: i64,
}

/// Whether any is over.
pub(super) fn is_due(conn: &mut DbConn) -> Result<bool, StoreError> {
    Ok(!Select::new(OVER).number(1).load::<Over>(conn)?.is_empty())
}

/// Closes those that are over and tells of each; gives how many.
pub(super) fn close_all(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let over: Vec<Over> = Select::new(OVER).number(AT_ONCE).load(conn)?;
    for one in &over {
        close(conn, one, now)?;
    }
    Ok(over.len())
}

fn close(conn: &mut DbConn, over: &Over, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (id, company): (IncidentId, CompanyId) =
        (read(over.id.clone(), "incidents.id")?, read(over.company_id.clone(), "incidents.company_id")?);
    let site: SiteId = read(over.site_id.clone(), "incidents.site_id")?;
    let opened_at = time(over.opened_at)?;
    let ended_at = time_or_none(over.ended_at)?.unwrap_or(now).max(opened_at);
    let affected = if over.cause == CauseKind::Link.as_str() {
        of_links::affected(conn, &over.cause_id)?
    } else {
        count(conn, over)?
    };
    Select::new("UPDATE incidents SET closed_at = ")
        .number(micros(ended_at))
        .sql(", affected = ")
        .number(affected.0)
        .sql(", cameras = ")
        .number(affected.1)
        .sql(" WHERE id = ")
        .text(id.as_str())
        .execute(conn)?;
    Select::new("UPDATE exceptions SET incident_id = NULL, waiting_since = ")
        .number(micros(now))
        .sql(" WHERE closed_at IS NULL AND incident_id = ")
        .text(id.as_str())
        .execute(conn)?;
    if let Some(because) = &over.because {
        let update = Select::new("UPDATE incidents SET closed_because = ").text(because.as_str());
        update.sql(" WHERE id = ").text(id.as_str()).execute(conn)?;
    }
    let device_id = DeviceId::parse(&over.cause_id).ok().filter(|_| over.cause == CauseKind::Device.as_str());
    events::append(
        conn,
        &NewEvent {
            company_id: company,
            site_id: Some(site),
            device_id,
            kind: EventKind::IncidentClosed,
            actor: ACTOR.to_owned(),
            at: now,
            data: json!({
                "incident_id": id, "cause": over.cause, "kind": over.kind, "name": over.name, "affected": affected.0,
                "duration_seconds": (ended_at - opened_at).num_seconds(), "because": over.because,
            }),
        },
    )
}

/// Devices that were affected besides the cause, and those of them that are cameras.
fn count(conn: &mut DbConn, over: &Over) -> Result<(i64, i64), StoreError> {
    let rows: Vec<Affected> = Select::new(
        "SELECT count(*) AS affected, count(CASE WHEN d.kind = 'camera' THEN 1 END) AS cameras FROM devices d
         WHERE d.id IN (SELECT e.device_id FROM incident_members m JOIN exceptions e ON e.id = m.exception_id
                        WHERE m.incident_id = ",
    )
    .text(over.id.as_str())
    .sql(") AND d.id <> ")
    .text(over.cause_id.as_str())
    .load(conn)?;
    Ok(rows.first().map_or((0, 0), |row| (row.affected, row.cameras)))
}
