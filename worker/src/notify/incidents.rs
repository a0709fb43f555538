//! Who is told of incidents (R-H4, R-H5): each receiver once when one opens, and once when it is over.

use chrono::{DateTime, Utc};
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::notification::Told;
use siteward_domain::{IncidentId, StaffId};
use siteward_store::events::{self, Event, NewEvent};
use siteward_store::incidents::{self, Incident, Member};
use siteward_store::notifications::{self, Receiver};
use siteward_store::{DbConn, StoreError, companies};

use super::digests;
use crate::mail::{self, IncidentTold};

/// Who appends the event that tells the bell.
const ACTOR: &str = "system";

/// Tells of an incident that opened or is over; gives how many mails were written.
pub(super) fn tell(conn: &mut DbConn, event: &Event, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let id = event.data.get("incident_id").and_then(|id| id.as_str()).and_then(|id| IncidentId::parse(id).ok());
    let id = id.ok_or(StoreError::NotFound)?;
    let incident = incidents::find(conn, &event.company_id, &id)?;
    let able = notifications::receivers(conn, &incident.company_id, &incident.site_id, now)?;
    let (what, receivers) = match event.kind {
        EventKind::IncidentClosed => {
            let told: Vec<StaffId> = notifications::told_of(conn, &id)?;
            (Told::IncidentClosed, able.into_iter().filter(|one| told.contains(&one.id)).collect())
        }
        _ => (Told::IncidentOpened, able.into_iter().filter(|one| one.is_admin || one.is_manager).collect::<Vec<_>>()),
    };
    tell_all(conn, &incident, what, &receivers, now)
}

fn tell_all(
    conn: &mut DbConn,
    incident: &Incident,
    what: Told,
    receivers: &[Receiver],
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let company = companies::find_company(conn, &incident.company_id)?.ok_or(StoreError::NotFound)?;
    let members = incidents::members(conn, &incident.id)?;
    let names = names(incident, &members);
    let (mut written, mut told_anybody) = (0, false);
    for receiver in receivers {
        let mailed = digests::allows(conn, &company.id, now)?;
        if !notifications::create(conn, &company.id, &receiver.id, &incident.id, what, mailed, now)? {
            continue;
        }
        told_anybody = true;
        if !mailed {
            continue;
        }
        let told = IncidentTold {
            company: &company.name,
            site: &incident.site_name,
            name: &incident.name,
            kind: incident.kind,
            affected: incident.affected,
            cameras: incident.cameras,
            names: &names,
            opened_at: incident.opened_at,
            closed_at: incident.closed_at.filter(|_| what == Told::IncidentClosed),
            zone: receiver.time_zone.parse().unwrap_or(chrono_tz::UTC),
            url: &company.public_url,
        };
        mail::enqueue(conn, &mail::address(&company, &receiver.email, told.letter(receiver.language), now), now)?;
        written += 1;
    }
    if told_anybody {
        ring(conn, incident, now)?;
    }
    Ok(written)
}

/// Has the bells of open consoles look.
fn ring(conn: &mut DbConn, incident: &Incident, now: DateTime<Utc>) -> Result<(), StoreError> {
    let event = NewEvent {
        company_id: incident.company_id.clone(),
        site_id: Some(incident.site_id.clone()),
        device_id: None,
        kind: EventKind::Notified,
        actor: ACTOR.to_owned(),
        at: now,
        data: serde_json::json!({}),
    };
    events::append(conn, &event)
}

/// The names of what was affected besides the cause, cameras first.
fn names(incident: &Incident, members: &[Member]) -> Vec<String> {
    let others = members.iter().filter(|member| member.device_id.as_str() != incident.cause_id);
    let mut names: Vec<(bool, &str)> = others
        .filter(|member| !member.device_name.is_empty())
        .map(|member| (member.device_kind != DeviceKind::Camera, member.device_name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|(_, name)| name.to_owned()).collect()
}
