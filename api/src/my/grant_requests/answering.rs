//! An owner's answer to an application: what it gives, and who is told.

use chrono::{DateTime, Utc};
use siteward_domain::GrantRequestId;
use siteward_domain::grant::{RequestKind, RequestState};
use siteward_domain::handover::Asks;
use siteward_store::access_log::Actor;
use siteward_store::custody::{NotServed, may_serve};
use siteward_store::grant_requests::{end_request, get_request, site_of};
use siteward_store::sites::hold_site;
use siteward_store::{DbConn, StoreError, Vault, grants};
use siteward_worker::custody;
use siteward_worker::grants::{tell_answer, tell_given, tell_request};

use crate::access::end_user::EndUserCaller;
use crate::error::{ApiError, codes};
use crate::grant_requests::GrantRequest;

/// Answers an application, and gives what is granted. `granted`: a part of what was asked for; `None`: all of it.
pub(super) fn answer(
    conn: &mut DbConn,
    vault: &Vault,
    owner: &EndUserCaller,
    id: &GrantRequestId,
    state: RequestState,
    granted: Option<&Asks>,
    now: DateTime<Utc>,
) -> Result<Result<GrantRequest, ApiError>, StoreError> {
    let site = site_of(conn, id)?;
    let request = get_request(conn, &site, id)?;
    let granted = (state == RequestState::Approved).then(|| granted.unwrap_or(&request.asks).clone());
    if let Some(granted) = &granted
        && !is_answer(granted, &request.asks, request.kind)
    {
        return Ok(Err(ApiError::field(codes::FIELD_INVALID, "granted")));
    }
    // Nobody takes the authorization of the site back meanwhile, which makes some of what waits void.
    if needs_something(request.kind) {
        match hold_site(conn, &request.company_id, &site) {
            Err(StoreError::NotFound) => return Ok(Err(ApiError::new(codes::REQUEST_ENDED))),
            held => held?,
        };
    }
    if request.kind == RequestKind::Serve
        && state == RequestState::Approved
        && let Err(why) = may_serve(conn, &site, &request.company_id)?
    {
        return Ok(Err(match why {
            NotServed::Suspended => ApiError::new(codes::SITE_SUSPENDED),
            NotServed::NoOwner | NotServed::Already => ApiError::new(codes::REQUEST_ENDED),
        }));
    }
    let answered = match end_request(conn, &site, id, state, granted.as_ref(), now) {
        Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::REQUEST_ENDED))),
        answered => answered?,
    };
    let actor = Actor::EndUser(owner.id());
    // To serve the site, or rental: more changes than what the company may do.
    custody::answer(conn, vault, &answered, &actor, now)?;
    if let Some(granted) = &granted
        && needs_something(answered.kind)
    {
        let given = grants::give(conn, &answered.company_id, &site, granted, now)?;
        tell_given(conn, &site, &given, &actor, now)?;
    }
    tell_answer(conn, &answered, owner.name(), now)?;
    tell_request(conn, &answered, &actor, now)?;
    GrantRequest::describe(conn, answered).map(Ok)
}

/// Whether an owner may approve an application so: narrowed, never widened, and not to nothing.
fn is_answer(granted: &Asks, asked: &Asks, kind: RequestKind) -> bool {
    let is_nothing = !granted.site && granted.devices.is_empty();
    granted.is_within(asked) && !(needs_something(kind) && is_nothing)
}

/// Whether an application is about what the company may do, and nothing besides.
fn needs_something(kind: RequestKind) -> bool {
    matches!(kind, RequestKind::Site | RequestKind::Devices)
}
