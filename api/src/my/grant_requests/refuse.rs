//! `POST /my/grant_requests/{grant_request_id}/refuse`: refuses what a company applied for.

use actix_web::{post, web};
use siteward_domain::GrantRequestId;
use siteward_domain::grant::RequestState;

use super::answering::answer;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::grant_requests::GrantRequest;
use crate::platform::Platform;

/// Refuses an application.
#[utoipa::path(tag = "my permissions", params(("grant_request_id" = String, Path, format = "uuid", description = "The application")), responses(
    (status = 200, description = "Refused as asked", body = GrantRequest),
    (status = 409, description = "It was answered or withdrawn already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/grant_requests/{grant_request_id}/refuse")]
pub(crate) async fn refuse_grant_request(
    owned: Owned,
    platform: web::Data<Platform>,
    id: web::Path<GrantRequestId>,
) -> Result<web::Json<GrantRequest>, ApiError> {
    let (now, caller, id) = (platform.clock.now(), owned.caller().clone(), id.into_inner());
    let store = platform.store.clone();
    let refused = platform
        .write(move |conn| answer(conn, store.vault(), &caller, &id, RequestState::Refused, None, now))
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(refused))
}
