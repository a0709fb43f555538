//! What is told of codes and applications: the owner reads it in the access log of the site, and the event log hears of it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, EndUserId, SiteId};

use super::ShareCode;
use crate::access_log::{self, Actor, NewEntry};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};

/// Something that happened to a code or an application.
pub(crate) struct Happened<'a> {
    /// The company under which the rows of the site are kept.
    pub(crate) company_id: &'a CompanyId,
    /// The site.
    pub(crate) site_id: &'a SiteId,
    /// Who did it.
    pub(crate) actor: &'a EndUserId,
    /// What, as the access log calls it.
    pub(crate) action: &'static str,
    /// More about it, for the access log.
    pub(crate) detail: Value,
    /// More about it, for the event log: ids and a state, no names.
    pub(crate) data: Value,
}

/// Tells of it. It comes last in a transaction.
pub(crate) fn tell(conn: &mut DbConn, happened: Happened<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let entry = NewEntry {
        site_id: happened.site_id.clone(),
        actor: Actor::EndUser(happened.actor.clone()),
        company: None,
        action: happened.action,
        device: None,
        detail: happened.detail,
    };
    access_log::append_if_owned(conn, &entry, now)?;
    tell_event(conn, (happened.company_id, happened.site_id), happened.actor, happened.data, now)
}

/// The same without the access log.
pub(crate) fn tell_event(
    conn: &mut DbConn,
    (company, site): (&CompanyId, &SiteId),
    actor: &EndUserId,
    data: Value,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let event = NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: None,
        kind: EventKind::SharesChanged,
        actor: format!("end_user:{actor}"),
        at: now,
        data,
    };
    events::append(conn, &event)
}

/// Tells of a code that was made, renewed or revoked by its giver.
pub(super) fn tell_code(
    conn: &mut DbConn,
    code: &ShareCode,
    (action, state): (&'static str, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let happened = Happened {
        company_id: &code.company_id,
        site_id: &code.site_id,
        actor: &code.giver_id,
        action,
        detail: json!({ "kind": code.kind.as_str(), "label": code.label, "valid_until": code.expires_at, "channels": code.channels.len() }),
        data: json!({ "share_code_id": code.id, "state": state }),
    };
    tell(conn, happened, now)
}
