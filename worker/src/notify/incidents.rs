//! Who is told of incidents (R-H4, R-H5): the rules of the site say who, when, and after how long; each receiver is told
//! once that one opened, and once that it is over.
//!
//! What is not to be told yet, because of a threshold, a schedule or a maintenance window, waits in `store::tellings`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::exception_rule::{Receiver as OfRule, Telling};
use siteward_domain::incident::CauseKind;
use siteward_domain::notification::Told;
use siteward_domain::schedule::zone_named;
use siteward_domain::{DeviceId, IncidentId, WebhookId};
use siteward_store::events::{self, Event, NewEvent};
use siteward_store::incidents::{self, Incident, Member};
use siteward_store::maintenance::{self, Quiet};
use siteward_store::notifications::{self, Receiver};
use siteward_store::tellings::{self, Due};
use siteward_store::{DbConn, StoreError, companies, exception_rules, sites};

use super::digests;
use crate::mail::{self, IncidentTold};

/// Who appends the events of what is told.
const ACTOR: &str = "system";

/// Notes that an incident opened or is over: it is looked at next.
pub(super) fn note(conn: &mut DbConn, event: &Event, now: DateTime<Utc>) -> Result<(), StoreError> {
    let id = event.data.get("incident_id").and_then(|id| id.as_str()).and_then(|id| IncidentId::parse(id).ok());
    let (Some(id), Some(site)) = (id, &event.site_id) else { return Err(StoreError::NotFound) };
    match event.kind {
        EventKind::IncidentClosed => tellings::turn_to_end(conn, &id, site, now),
        _ => tellings::begin(conn, &id, site, event.at, now),
    }
}

/// Tells of an incident whatever is to be told now, and says when to look at it next; gives how many mails were written.
pub(super) fn tell(conn: &mut DbConn, due: &Due, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let incident = incidents::find(conn, &due.company_id, &due.incident_id)?;
    let zone = zone_named(&sites::get_site(conn, &incident.company_id, &incident.site_id)?.time_zone);
    let quiet = maintenance::quiet(conn, &incident.company_id, &incident.site_id, zone, now)?;
    match due.what {
        Told::IncidentOpened => tell_beginning(conn, due, &incident, &quiet, zone, now),
        Told::IncidentClosed => tell_end(conn, &incident, &quiet, now),
    }
}

fn tell_beginning(
    conn: &mut DbConn,
    due: &Due,
    incident: &Incident,
    quiet: &Quiet,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let faults = tellings::faults(conn, incident, quiet)?;
    let fired = tellings::fired(conn, &incident.id)?;
    let rules = exception_rules::list_rules(conn, &incident.company_id, &incident.site_id)?;
    let (mut named, mut next) = (BTreeSet::new(), None::<DateTime<Utc>>);
    for one in rules.iter().filter(|one| one.active_since <= due.since && !fired.contains(&one.id)) {
        match one.rule.telling(&faults, zone, now) {
            Telling::Now => {
                tellings::note_fired(conn, &incident.id, &one.id, now)?;
                named.extend(one.rule.receivers.iter().cloned());
            }
            Telling::NotBefore(time) => next = Some(next.map_or(time, |sooner| sooner.min(time))),
            Telling::Never => {}
        }
    }
    tellings::set_due(conn, &incident.id, next)?;
    if named.is_empty() {
        return Ok(0);
    }
    for receiver in &named {
        if let OfRule::Webhook(webhook) = receiver
            && tellings::note_webhook(conn, &incident.id, webhook)?
        {
            tell_webhook(conn, incident, webhook, Told::IncidentOpened, now)?;
        }
    }
    // Whoever may not see it now is told nothing, whatever a rule says.
    let able = notifications::receivers(conn, &incident.company_id, &incident.site_id, now)?;
    let is_named = |one: &Receiver| {
        (one.is_admin && named.contains(&OfRule::Admin))
            || (one.is_manager && named.contains(&OfRule::SiteManagers))
            || named.contains(&OfRule::Staff(one.id.clone()))
    };
    let receivers: Vec<Receiver> = able.into_iter().filter(is_named).collect();
    tell_staff(conn, incident, Told::IncidentOpened, &receivers, now)
}

/// Tells those who were told that it opened, and may still see it. In a maintenance window that waits too.
fn tell_end(conn: &mut DbConn, incident: &Incident, quiet: &Quiet, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let told = notifications::told_of(conn, &incident.id)?;
    let webhooks = tellings::webhooks_told(conn, &incident.id)?;
    if told.is_empty() && webhooks.is_empty() {
        tellings::end(conn, &incident.id)?;
        return Ok(0);
    }
    let cause = DeviceId::parse(&incident.cause_id).ok().filter(|_| incident.cause == CauseKind::Device);
    if let Some(until) = quiet.until(cause.as_ref()) {
        tellings::set_due(conn, &incident.id, Some(until))?;
        return Ok(0);
    }
    tellings::end(conn, &incident.id)?;
    for webhook in &webhooks {
        tell_webhook(conn, incident, webhook, Told::IncidentClosed, now)?;
    }
    if incident.closed_because.is_some() {
        // It did not get better, nobody watches any more: a mail that it is over would not be true.
        return Ok(0);
    }
    let able = notifications::receivers(conn, &incident.company_id, &incident.site_id, now)?;
    let receivers: Vec<Receiver> = able.into_iter().filter(|one| told.contains(&one.id)).collect();
    tell_staff(conn, incident, Told::IncidentClosed, &receivers, now)
}

fn tell_staff(
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
            zone: zone_named(&receiver.time_zone),
            url: &company.public_url,
        };
        mail::enqueue(conn, &mail::address(&company, &receiver.email, told.letter(receiver.language), now), now)?;
        written += 1;
    }
    if told_anybody {
        append(conn, incident, EventKind::Notified, serde_json::json!({}), now)?;
    }
    Ok(written)
}

/// Puts what a rule tells a webhook into the event log, from which webhooks are told.
fn tell_webhook(
    conn: &mut DbConn,
    incident: &Incident,
    webhook: &WebhookId,
    what: Told,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let closed_at = incident.closed_at.filter(|_| what == Told::IncidentClosed);
    let data = serde_json::json!({
        "what": what.as_str(),
        "webhook_id": webhook,
        "incident_id": incident.id,
        "cause": incident.cause.as_str(),
        "kind": incident.kind.as_str(),
        "severity": incident.kind.severity().as_str(),
        "name": incident.name,
        "site_name": incident.site_name,
        "affected": incident.affected,
        "opened_at": incident.opened_at,
        "closed_at": closed_at,
        "duration_seconds": closed_at.map(|closed_at| (closed_at - incident.opened_at).num_seconds()),
        "because": incident.closed_because,
    });
    append(conn, incident, EventKind::IncidentTold, data, now)
}

fn append(
    conn: &mut DbConn,
    incident: &Incident,
    kind: EventKind,
    data: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let event = NewEvent {
        company_id: incident.company_id.clone(),
        site_id: Some(incident.site_id.clone()),
        device_id: None,
        kind,
        actor: ACTOR.to_owned(),
        at: now,
        data,
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
