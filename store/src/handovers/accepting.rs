//! Accepting an invitation (R-G3): in one transaction the site and its devices become the owner's, the company gets what the
//! owner lets it do, and everybody who has to follow is told.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::grant::Permission;
use siteward_domain::handover::{Asks, HandoverState, Offer};
use siteward_domain::share::{GiverKind, ShareEnd, SharedChannel};
use siteward_domain::site::{SiteAction, SiteStatus};
use siteward_domain::{CompanyId, EndUserId, HandoverId, ShareId, SiteId};

use super::ending::is_its_token;
use super::listing::Handover;
use super::{Of, hold_site, tell};
use crate::access_log::{self, Actor, NewEntry};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::grants;
use crate::mails;
use crate::schema::handovers::dsl;
use crate::select::Select;
use crate::shares::{self, NewShare, ShareRefusal};
use crate::sites;

/// Who accepts what.
#[derive(Debug, Clone)]
pub struct Accepting {
    /// The invitation.
    pub id: HandoverId,
    /// The hash of the token of the link; `None`: they came by their account.
    pub token_hash: Option<String>,
    /// Whose the site will be.
    pub end_user_id: EndUserId,
    /// Their address, which must be that of the invitation.
    pub email: String,
    /// What of what was asked for they let the company do.
    pub allowed: Asks,
}

/// What was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The company that invited.
    pub company_id: CompanyId,
    /// The invitation, as it was before.
    pub handover: Handover,
    /// Where the site stands now.
    pub status: SiteStatus,
    /// What the owner lets the company do.
    pub allowed: Asks,
}

/// Accepts. [`StoreError::NotFound`]: it cannot be accepted any more, of two at the same instant for the second, or it went
/// to somebody else. [`StoreError::Refused`]: more is allowed than was asked for. Where a share is refused nothing is changed.
pub fn accept(
    conn: &mut DbConn,
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<Result<Accepted, ShareRefusal>, StoreError> {
    let (company_id, handover) = check(conn, accepting, now)?;
    if !accepting.allowed.is_within(&handover.offer.asks()) {
        return Err(StoreError::Refused("more is allowed than was asked for".to_owned()));
    }
    let status = match &handover.offer {
        Offer::Transfer(_) => transfer(conn, &company_id, &handover, accepting, now)?,
        Offer::Share(channels) => match share(conn, &company_id, &handover, channels, accepting, now)? {
            Ok(status) => status,
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    Ok(Ok(Accepted { company_id, handover, status, allowed: accepting.allowed.clone() }))
}

/// The site changes hands.
fn transfer(
    conn: &mut DbConn,
    company_id: &CompanyId,
    handover: &Handover,
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<SiteStatus, StoreError> {
    let site = &handover.site_id;
    own(conn, company_id, site, &accepting.end_user_id, now)?;
    end_others(conn, company_id, handover, now)?;
    shares::end_of_giver(conn, site, GiverKind::Company, company_id.as_str(), ShareEnd::HandedOver, now)?;
    // Whoever has an account on an alarm panel follows.
    sites::set_status(conn, company_id, site, SiteStatus::NotAuthorized, now)?;
    grants::give(conn, company_id, site, &accepting.allowed, now)?;
    let status = if accepting.allowed.site { SiteStatus::Authorized } else { SiteStatus::NotAuthorized };
    mark_accepted(conn, company_id, handover, accepting, now)?;
    log(conn, company_id, handover, accepting, now)?;
    Ok(status)
}

/// The receiver gets channels; the site stays the company's.
fn share(
    conn: &mut DbConn,
    company_id: &CompanyId,
    handover: &Handover,
    channels: &[SharedChannel],
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<Result<SiteStatus, ShareRefusal>, StoreError> {
    let new = NewShare {
        id: ShareId::generate(now),
        site_id: handover.site_id.clone(),
        giver_kind: GiverKind::Company,
        giver_id: company_id.to_string(),
        receiver_id: accepting.end_user_id.clone(),
        channels: channels.to_vec(),
    };
    if let Err(refusal) = shares::give(conn, &new, &format!("end_user:{}", accepting.end_user_id), now)? {
        return Ok(Err(refusal));
    }
    mark_accepted(conn, company_id, handover, accepting, now)?;
    sites::get_site(conn, company_id, &handover.site_id).map(|site| Ok(site.status))
}

/// It is accepted, and the event log hears of it.
fn mark_accepted(
    conn: &mut DbConn,
    company_id: &CompanyId,
    handover: &Handover,
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(dsl::handovers.filter(dsl::id.eq(handover.id.as_str())))
        .set((
            dsl::state.eq(HandoverState::Accepted.as_str()),
            dsl::ended_at.eq(Some(micros(now))),
            dsl::end_user_id.eq(Some(accepting.end_user_id.as_str())),
        ))
        .execute(conn)?;
    mails::drop_unneeded(conn, now)?;
    let of = Of { id: &handover.id, company_id, site_id: &handover.site_id };
    tell(conn, &of, HandoverState::Accepted, format!("end_user:{}", accepting.end_user_id), now)
}

/// Holds the site and looks whether the invitation can be accepted: whoever comes second finds it ended.
fn check(conn: &mut DbConn, accepting: &Accepting, now: DateTime<Utc>) -> Result<(CompanyId, Handover), StoreError> {
    let id = &accepting.id;
    let (company, site): (String, String) =
        dsl::handovers.select((dsl::company_id, dsl::site_id)).filter(dsl::id.eq(id.as_str())).first(conn)?;
    let company: CompanyId = read(company, "handovers.company_id")?;
    let status = hold_site(conn, &company, &read(site, "handovers.site_id")?)?;
    let handover = super::get_handover(conn, &company, id, now)?;
    let is_open = handover.state == HandoverState::Pending && status.allows(SiteAction::InviteOwner);
    let is_theirs = handover.email.to_lowercase() == accepting.email.to_lowercase();
    if !is_open || !is_theirs || !is_its_token(conn, id, accepting.token_hash.as_deref())? {
        return Err(StoreError::NotFound);
    }
    Ok((company, handover))
}

/// The site and the primary accounts of its devices are the end user's.
fn own(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    end_user: &EndUserId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("UPDATE sites SET owner_id = ")
        .text(end_user.as_str())
        .sql(", owned_since = ")
        .number(micros(now))
        .sql(", installed_by = coalesce(installed_by, company_id) WHERE id = ")
        .text(site.as_str())
        .execute(conn)?;
    Select::new("UPDATE bindings SET owner_id = ")
        .text(end_user.as_str())
        .sql(" WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND device_id IN (SELECT id FROM devices WHERE site_id = ")
        .text(site.as_str())
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// Other invitations of the site that wait are void: what they offer is not the company's any more.
fn end_others(
    conn: &mut DbConn,
    company: &CompanyId,
    accepted: &Handover,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(
        dsl::handovers
            .filter(dsl::company_id.eq(company.as_str()))
            .filter(dsl::site_id.eq(accepted.site_id.as_str()))
            .filter(dsl::state.eq(HandoverState::Pending.as_str()))
            .filter(dsl::id.ne(accepted.id.as_str())),
    )
    .set((dsl::state.eq(HandoverState::Cancelled.as_str()), dsl::ended_at.eq(Some(micros(now)))))
    .execute(conn)?;
    Ok(())
}

/// The first entry of the owner's log says what was accepted.
fn log(
    conn: &mut DbConn,
    company: &CompanyId,
    handover: &Handover,
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let site = accepting.allowed.site.then(|| json!({ "permission": Permission::Site }));
    let devices = accepting.allowed.devices.iter().map(|ask| json!(ask));
    let entry = NewEntry {
        site_id: handover.site_id.clone(),
        actor: Actor::EndUser(accepting.end_user_id.clone()),
        company: Some(company.clone()),
        action: "site_accepted",
        device: None,
        detail: json!({ "handover_id": handover.id, "granted": site.into_iter().chain(devices).collect::<Vec<_>>() }),
    };
    access_log::append(conn, &entry, now)
}
