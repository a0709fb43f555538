//! `DELETE /grant_requests/{grant_request_id}`: withdraws an application.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::GrantRequestId;
use siteward_domain::grant::{RequestKind, RequestState};
use siteward_store::access_log::Actor;
use siteward_store::{StoreError, custody, grant_requests};
use siteward_worker::grants::tell_request;

use crate::access::{OnSites, rights};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Withdraws an application that the owner has not answered.
#[utoipa::path(tag = "permissions", params(("grant_request_id" = String, Path, format = "uuid", description = "The application")), responses(
    (status = 204, description = "Withdrawn"),
    (status = 409, description = "It was answered already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/grant_requests/{grant_request_id}")]
pub(crate) async fn withdraw_grant_request(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<GrantRequestId>,
) -> Result<HttpResponse, ApiError> {
    let (now, actor, id) = (platform.clock.now(), Actor::Staff(on.caller().staff_id()), id.into_inner());
    note.object("grant_request", &id, "");
    platform
        .write(move |conn| {
            let site = grant_requests::site_of(conn, &id)?;
            let ended = match grant_requests::end_request(conn, &site, &id, RequestState::Withdrawn, None, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::REQUEST_ENDED))),
                ended => ended?,
            };
            if ended.kind == RequestKind::Rental {
                custody::withdraw_rental(conn, &site, &actor, now)?;
            }
            tell_request(conn, &ended, &actor, now).map(Ok)
        })
        .await??;
    Ok(HttpResponse::NoContent().finish())
}
