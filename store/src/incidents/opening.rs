//! Opening an incident, and putting into it what belongs to it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::incident::{CauseKind, IncidentKind};
use siteward_domain::{CompanyId, DeviceId, IncidentId, SiteId};

use super::premises::Premises;
use super::sorting::Waiting;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;

/// Who appends the events of incidents.
pub(super) const ACTOR: &str = "system";

/// What an incident is about.
pub(super) struct Opening<'a> {
    pub(super) company: &'a CompanyId,
    pub(super) site: &'a SiteId,
    pub(super) device: &'a DeviceId,
    pub(super) kind: ExceptionKind,
}

/// A new incident as its row and its event tell it.
pub(super) struct NewIncident<'a> {
    pub(super) company: &'a CompanyId,
    pub(super) site: &'a SiteId,
    pub(super) cause: CauseKind,
    pub(super) cause_id: &'a str,
    pub(super) name: &'a str,
    pub(super) kind: IncidentKind,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) affected: usize,
    pub(super) cameras: usize,
}

/// Opens the incident of a device with what waits for it.
pub(super) fn open(
    conn: &mut DbConn,
    premises: &Premises,
    opening: &Opening<'_>,
    group: &[&Waiting],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let own = group.iter().filter(|one| one.device == *opening.device && one.key.kind == opening.kind);
    let opened_at = own.map(|one| one.opened_at).min();
    let first = group.iter().map(|one| one.opened_at).min().unwrap_or(now);
    let affected: BTreeSet<&DeviceId> =
        group.iter().map(|one| &one.device).filter(|id| *id != opening.device).collect();
    let id = create(
        conn,
        &NewIncident {
            company: opening.company,
            site: opening.site,
            cause: CauseKind::Device,
            cause_id: opening.device.as_str(),
            name: &premises.name(opening.device),
            kind: IncidentKind::Exception(opening.kind),
            opened_at: opened_at.unwrap_or(first),
            affected: affected.len(),
            cameras: affected.iter().filter(|id| premises.is_camera(id)).count(),
        },
        now,
    )?;
    add(conn, &id, &group.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
}

/// Writes an incident and tells of it.
pub(super) fn create(conn: &mut DbConn, new: &NewIncident<'_>, now: DateTime<Utc>) -> Result<IncidentId, StoreError> {
    let id = IncidentId::generate(now);
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Select::new(
        "INSERT INTO incidents (id, company_id, site_id, cause, cause_id, name, kind, opened_at, affected, cameras)
         VALUES (",
    )
    .text(id.as_str())
    .sql(", ")
    .text(new.company.as_str())
    .sql(", ")
    .text(new.site.as_str())
    .sql(", ")
    .text(new.cause.as_str())
    .sql(", ")
    .text(new.cause_id)
    .sql(", ")
    .text(new.name)
    .sql(", ")
    .text(new.kind.as_str())
    .sql(", ")
    .number(micros(new.opened_at))
    .sql(", ")
    .number(count(new.affected))
    .sql(", ")
    .number(count(new.cameras))
    .sql(")")
    .execute(conn)?;
    let event = NewEvent {
        company_id: new.company.clone(),
        site_id: Some(new.site.clone()),
        device_id: (new.cause == CauseKind::Device).then(|| DeviceId::parse(new.cause_id).ok()).flatten(),
        kind: EventKind::IncidentOpened,
        actor: ACTOR.to_owned(),
        at: now,
        data: json!({
            "incident_id": id, "cause": new.cause.as_str(), "kind": new.kind.as_str(), "name": new.name,
            "affected": new.affected,
        }),
    };
    events::append(conn, &event)?;
    Ok(id)
}

/// Puts exceptions into an incident.
pub(super) fn add(conn: &mut DbConn, id: &IncidentId, exceptions: &[&str]) -> Result<(), StoreError> {
    for some in exceptions.chunks(500) {
        Select::new("INSERT INTO incident_members (incident_id, exception_id) SELECT ")
            .text(id.as_str())
            .sql(", e.id FROM exceptions e WHERE e.id IN ")
            .texts(some.iter().copied())
            .sql(" ON CONFLICT DO NOTHING")
            .execute(conn)?;
        Select::new("UPDATE exceptions SET incident_id = ")
            .text(id.as_str())
            .sql(" WHERE id IN ")
            .texts(some.iter().copied())
            .execute(conn)?;
    }
    Ok(())
}
