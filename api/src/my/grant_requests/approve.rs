//! `POST /my/grant_requests/{grant_request_id}/approve`: lets a company do what it applied for, or a part of it.

use actix_web::{post, web};
use serde::Deserialize;
use siteward_domain::GrantRequestId;
use siteward_domain::grant::RequestState;
use siteward_domain::handover::Asks as Granted;
use utoipa::ToSchema;

use super::answering::answer;
use crate::access::Owned;
use crate::asks::Asks;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::grant_requests::GrantRequest;
use crate::platform::Platform;

/// What of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantRequestApprove {
    /// A part of what was asked for, for no longer; absent: all of it.
    granted: Option<Asks>,
}

/// Approves an application, all of it or a part. The times begin now.
#[utoipa::path(tag = "my permissions", request_body = GrantRequestApprove, params(("grant_request_id" = String, Path, format = "uuid", description = "The application")), responses(
    (status = 200, description = "Approved", body = GrantRequest),
    (status = 409, description = "It was answered or withdrawn already", body = ErrorBody),
    (status = 422, description = "More than was asked for, or nothing", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/grant_requests/{grant_request_id}/approve")]
pub(crate) async fn approve_grant_request(
    owned: Owned,
    platform: web::Data<Platform>,
    id: web::Path<GrantRequestId>,
    body: Body<GrantRequestApprove>,
) -> Result<web::Json<GrantRequest>, ApiError> {
    let (now, caller, id) = (platform.clock.now(), owned.caller().clone(), id.into_inner());
    let store = platform.store.clone();
    let granted = body.into_inner().granted.map(Granted::from);
    let approved = platform
        .write(move |conn| answer(conn, store.vault(), &caller, &id, RequestState::Approved, granted.as_ref(), now))
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(approved))
}
