//! Whom a firing tells: staff by mail, webhooks by the event log.

use chrono::{DateTime, Utc};
use siteward_domain::device_event::DeviceEvent;
use siteward_domain::event::EventKind;
use siteward_domain::{LinkageFiringId, StaffId};
use siteward_store::events::{self, NewEvent};
use siteward_store::linkage::Rule;
use siteward_store::sites::Site;
use siteward_store::{DbConn, StoreError, companies, notifications};

use crate::mail::{self, LinkageTold};

/// Who appends the event.
const ACTOR: &str = "linkage";

/// Writes a mail to each of those who may still be told of the site.
pub(super) fn mail(
    conn: &mut DbConn,
    rule: &Rule,
    event: &DeviceEvent,
    (site, device): (&Site, &str),
    staff: &[StaffId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let company = companies::find_company(conn, &rule.company_id)?.ok_or(StoreError::NotFound)?;
    let able = notifications::receivers(conn, &rule.company_id, &rule.site_id, now)?;
    for receiver in able.into_iter().filter(|receiver| staff.contains(&receiver.id)) {
        let told = LinkageTold {
            company: &company.name,
            site: &site.name,
            site_id: &rule.site_id,
            rule: &rule.name,
            device,
            channel: event.channel,
            kind: event.kind,
            at: event.at,
            zone: receiver.time_zone.parse().unwrap_or(chrono_tz::UTC),
            url: &company.public_url,
        };
        mail::enqueue(conn, &mail::address(&company, &receiver.email, told.letter(receiver.language), now), now)?;
    }
    Ok(())
}

/// Appends the event that webhooks are told.
pub(super) fn webhooks(
    conn: &mut DbConn,
    rule: &Rule,
    event: &DeviceEvent,
    firing: &LinkageFiringId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let data = serde_json::json!({
        "rule_id": rule.id,
        "rule": rule.name,
        "firing_id": firing,
        "event_kind": event.kind.as_str(),
        "channel": event.channel,
        "event_at": event.at,
    });
    let event = NewEvent {
        company_id: rule.company_id.clone(),
        site_id: Some(rule.site_id.clone()),
        device_id: Some(event.device_id.clone()),
        kind: EventKind::LinkageFired,
        actor: ACTOR.to_owned(),
        at: now,
        data,
    };
    events::append(conn, &event)
}
