//! Who is told of what happened to a grant or an application: the event log, the access log of the site, and people by mail.

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::grant::{RequestKind, RequestState};
use siteward_domain::handover::Asks;
use siteward_domain::{CompanyId, DeviceId, GrantId, SiteId};
use siteward_store::access_log::{self, Actor, NewEntry};
use siteward_store::events::{self, NewEvent};
use siteward_store::grant_requests::GrantRequest;
use siteward_store::grants::{self, Grant};
use siteward_store::{DbConn, StoreError, companies, devices, staff};

use crate::mail::{self, AskedFor, PermissionRequested, RequestAnswered};

/// Tells of grants of one or several sites that ended: an event a site, an entry of its access log each.
pub fn tell_ended(conn: &mut DbConn, ended: &[Grant], actor: &Actor, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut told: Vec<&Grant> = Vec::new();
    for grant in ended {
        let Some((_, because)) = grant.ended else { continue };
        log(conn, grant, actor.clone(), &format!("permission_{}", because.as_str()), now)?;
        if told.iter().any(|one| one.site_id == grant.site_id) {
            continue;
        }
        told.push(grant);
        let event = NewEvent {
            company_id: grant.company_id.clone(),
            site_id: Some(grant.site_id.clone()),
            device_id: None,
            kind: EventKind::GrantsChanged,
            actor: said(actor),
            at: now,
            data: json!({ "what": because.as_str() }),
        };
        events::append(conn, &event)?;
    }
    Ok(())
}

/// Tells of what was given on a site: an event, an entry of its access log each.
pub fn tell_given(
    conn: &mut DbConn,
    site: &SiteId,
    given: &[GrantId],
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut company = None;
    for id in given {
        let grant = grants::get_grant(conn, site, id)?;
        log(conn, &grant, actor.clone(), "permission_granted", now)?;
        company = Some(grant.company_id);
    }
    let Some(company_id) = company else { return Ok(()) };
    let event = NewEvent {
        company_id,
        site_id: Some(site.clone()),
        device_id: None,
        kind: EventKind::GrantsChanged,
        actor: said(actor),
        at: now,
        data: json!({ "what": "given" }),
    };
    events::append(conn, &event)
}

/// Writes an entry about a grant into the access log of its site, if the site has an owner.
pub(super) fn log(
    conn: &mut DbConn,
    grant: &Grant,
    actor: Actor,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let entry = NewEntry {
        site_id: grant.site_id.clone(),
        actor,
        company: Some(grant.company_id.clone()),
        action,
        device: grant.device.clone(),
        detail: json!({
            "grant_id": grant.id,
            "permission": grant.permission.as_str(),
            "valid_until": grant.valid_until,
        }),
    };
    access_log::append_if_owned(conn, &entry, now)
}

/// Tells of an application as it now is: it was made, withdrawn or answered.
pub fn tell_request(
    conn: &mut DbConn,
    request: &GrantRequest,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if request.state == RequestState::Waiting {
        mail_owner(conn, request, now)?;
    }
    let action = match request.state {
        RequestState::Waiting => "permission_requested",
        RequestState::Approved => "request_approved",
        RequestState::Refused => "request_refused",
        RequestState::Withdrawn => "request_withdrawn",
        RequestState::Void => "request_void",
    };
    let entry = NewEntry {
        site_id: request.site_id.clone(),
        actor: actor.clone(),
        company: Some(request.company_id.clone()),
        action,
        device: None,
        detail: json!({
            "grant_request_id": request.id,
            "kind": request.kind.as_str(),
            "asks": request.asks,
            "granted": request.granted,
        }),
    };
    access_log::append_if_owned(conn, &entry, now)?;
    let event = NewEvent {
        company_id: request.company_id.clone(),
        site_id: Some(request.site_id.clone()),
        device_id: None,
        kind: EventKind::GrantRequestChanged,
        actor: said(actor),
        at: now,
        data: json!({
            "grant_request_id": request.id,
            "kind": request.kind.as_str(),
            "state": request.state.as_str(),
        }),
    };
    events::append(conn, &event)
}

/// Mails the owner's answer to whoever applied, if they are still there.
pub fn tell_answer(
    conn: &mut DbConn,
    request: &GrantRequest,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(asked_by) = &request.asked_by else { return Ok(()) };
    let account = match staff::get_staff(conn, &request.company_id, asked_by) {
        Ok(account) if !account.disabled => account,
        Ok(_) | Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let company = companies::find_company(conn, &request.company_id)?.ok_or(StoreError::NotFound)?;
    let asked = asked_for(conn, request, &request.asks)?;
    let given = request.granted.as_ref().map(|granted| asked_for(conn, request, granted)).transpose()?;
    let told = RequestAnswered {
        name: &account.name,
        owner,
        site: &request.site_name,
        site_id: &request.site_id,
        asked: &asked,
        given: given.as_ref(),
        url: &company.public_url,
    };
    mail::enqueue(conn, &mail::address(&company, &account.email, told.letter(account.language), now), now)
}

fn mail_owner(conn: &mut DbConn, request: &GrantRequest, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(owner) = grants::owner_of(conn, &request.site_id)? else { return Ok(()) };
    let company = companies::find_company(conn, &request.company_id)?.ok_or(StoreError::NotFound)?;
    let asked = asked_for(conn, request, &request.asks)?;
    let url = mail::public_url(conn)?;
    let told = PermissionRequested {
        company: &company.name,
        asker: &request.asked_by_name,
        name: &owner.name,
        site: &request.site_name,
        site_id: &request.site_id,
        asked: &asked,
        remark: &request.remark,
        url: &url,
    };
    mail::enqueue(conn, &mail::address(&company, &owner.email, told.letter(owner.language), now), now)
}

/// What an application asks for, with the names of its devices.
fn asked_for(conn: &mut DbConn, request: &GrantRequest, asks: &Asks) -> Result<AskedFor, StoreError> {
    let names = device_names(conn, &request.company_id, asks)?;
    let name = |id: &DeviceId| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
    let each = asks.devices.iter().filter_map(|ask| Some((name(&ask.device_id)?, ask.permission, ask.validity)));
    Ok(AskedFor {
        site: asks.site,
        rental: request.kind == RequestKind::Rental,
        serve: request.kind == RequestKind::Serve,
        devices: each.collect(),
    })
}

/// The names of the devices that are asked for, without those that are gone.
pub fn device_names(
    conn: &mut DbConn,
    company: &CompanyId,
    asks: &Asks,
) -> Result<Vec<(DeviceId, String)>, StoreError> {
    let mut names: Vec<(DeviceId, String)> = Vec::new();
    for ask in &asks.devices {
        if names.iter().any(|(id, _)| *id == ask.device_id) {
            continue;
        }
        match devices::get_device(conn, company, &ask.device_id) {
            Ok(device) => names.push((device.id, device.name)),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

/// Who acts, as an event says it.
fn said(actor: &Actor) -> String {
    match actor {
        Actor::Staff(id) => format!("staff:{id}"),
        Actor::EndUser(id) => format!("end_user:{id}"),
        Actor::Platform => "system".to_owned(),
    }
}
