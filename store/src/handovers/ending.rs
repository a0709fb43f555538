//! How invitations end without anybody owning the site: refused, taken back, or too late.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::handover::{HandoverKind, HandoverState};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, EndUserId, HandoverId, SiteId};

use super::listing::{Handover, get_handover};
use super::{Of, hold, hold_site, tell};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::mails;
use crate::schema::handovers::dsl;
use crate::sites;

/// An invitation that just ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The company that invited.
    pub company_id: CompanyId,
    /// The invitation, as it was before.
    pub handover: Handover,
}

/// Takes an invitation back; its link is dead. [`StoreError::Stale`]: it ended before.
pub fn cancel_handover(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &HandoverId,
    actor: String,
    now: DateTime<Utc>,
) -> Result<Handover, StoreError> {
    let before = hold(conn, company, id, now)?;
    if before.state != HandoverState::Pending {
        return Err(StoreError::Stale);
    }
    end(conn, company, &before, HandoverState::Cancelled, None, now)?;
    mails::drop_unneeded(conn, now)?;
    tell_end(conn, company, &before, HandoverState::Cancelled, actor, now)?;
    Ok(before)
}

/// The receiver refuses. [`StoreError::NotFound`]: it cannot be answered any more.
pub fn refuse(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &HandoverId,
    token_hash: Option<&str>,
    end_user: Option<&EndUserId>,
    now: DateTime<Utc>,
) -> Result<Ended, StoreError> {
    let before = hold(conn, company, id, now)?;
    if before.state != HandoverState::Pending || !is_its_token(conn, id, token_hash)? {
        return Err(StoreError::NotFound);
    }
    end(conn, company, &before, HandoverState::Refused, end_user, now)?;
    mails::drop_unneeded(conn, now)?;
    let actor = end_user.map_or_else(|| "invited".to_owned(), |id| format!("end_user:{id}"));
    tell_end(conn, company, &before, HandoverState::Refused, actor, now)?;
    Ok(Ended { company_id: company.clone(), handover: before })
}

/// Invitations that nobody answered in time, not marked as that yet; oldest first.
fn find_due(
    conn: &mut DbConn,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(CompanyId, HandoverId, SiteId)>, StoreError> {
    let rows: Vec<(String, String, String)> = dsl::handovers
        .select((dsl::company_id, dsl::id, dsl::site_id))
        .filter(dsl::state.eq(HandoverState::Pending.as_str()))
        .filter(dsl::expires_at.le(micros(now)))
        .order((dsl::site_id, dsl::id))
        .limit(limit)
        .load(conn)?;
    let due = |(company, id, site)| {
        Ok((read(company, "handovers.company_id")?, read(id, "handovers.id")?, read(site, "handovers.site_id")?))
    };
    rows.into_iter().map(due).collect()
}

/// Whether there is an invitation to end because nobody answered in time.
pub fn is_any_due(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!find_due(conn, now, 1)?.is_empty())
}

/// Ends at most `limit` invitations that nobody answered in time: their sites can be offered to somebody else.
pub fn expire(conn: &mut DbConn, now: DateTime<Utc>, limit: i64) -> Result<Vec<Ended>, StoreError> {
    let due = find_due(conn, now, limit)?;
    // In the order of their sites, each before its event: two that do this at once never wait for each other.
    for (company, _, site) in &due {
        match hold_site(conn, company, site) {
            Ok(_) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let mut ended = Vec::with_capacity(due.len());
    for (company_id, id, _) in due {
        let handover = match get_handover(conn, &company_id, &id, now) {
            Ok(handover) => handover,
            // Its site is being deleted.
            Err(StoreError::NotFound) => continue,
            Err(error) => return Err(error),
        };
        if end(conn, &company_id, &handover, HandoverState::Expired, None, now)? {
            ended.push(Ended { company_id, handover });
        }
    }
    mails::drop_unneeded(conn, now)?;
    for one in &ended {
        tell_end(conn, &one.company_id, &one.handover, HandoverState::Expired, "platform".to_owned(), now)?;
    }
    Ok(ended)
}

/// Whether the link that somebody holds is still the newest of its invitation; `None`: they came by their account.
pub(super) fn is_its_token(conn: &mut DbConn, id: &HandoverId, token_hash: Option<&str>) -> Result<bool, StoreError> {
    let Some(hash) = token_hash else { return Ok(true) };
    let known: String = dsl::handovers.select(dsl::token_hash).filter(dsl::id.eq(id.as_str())).first(conn)?;
    Ok(known == hash)
}

/// Ends one that waits; its site is *not invited* again where it was to be handed over. `false`: it ended before.
fn end(
    conn: &mut DbConn,
    company: &CompanyId,
    before: &Handover,
    state: HandoverState,
    end_user: Option<&EndUserId>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let waiting =
        dsl::handovers.filter(dsl::id.eq(before.id.as_str())).filter(dsl::state.eq(HandoverState::Pending.as_str()));
    let ended = diesel::update(waiting)
        .set((
            dsl::state.eq(state.as_str()),
            dsl::ended_at.eq(Some(micros(now))),
            dsl::end_user_id.eq(end_user.map(EndUserId::as_str)),
        ))
        .execute(conn)?;
    if ended == 1 && before.kind == HandoverKind::Transfer {
        sites::set_status(conn, company, &before.site_id, SiteStatus::NotInvited, now)?;
    }
    Ok(ended == 1)
}

fn tell_end(
    conn: &mut DbConn,
    company: &CompanyId,
    before: &Handover,
    state: HandoverState,
    actor: String,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tell(conn, &Of { id: &before.id, company_id: company, site_id: &before.site_id }, state, actor, now)
}
