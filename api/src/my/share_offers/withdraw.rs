//! `DELETE /my/share_offers/{share_offer_id}`: takes an offer back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::ShareOfferId;
use siteward_store::{StoreError, share_offers};

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes an offer back that nobody answered yet.
#[utoipa::path(tag = "my sharing", params(("share_offer_id" = String, Path, format = "uuid", description = "The offer")), responses(
    (status = 204, description = "Taken back"),
    (status = 409, description = "It was answered or taken back already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/share_offers/{share_offer_id}")]
pub(crate) async fn withdraw_share_offer(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareOfferId>,
) -> Result<HttpResponse, ApiError> {
    let (giver, now) = (caller.0.id(), platform.clock.now());
    note.object("share_offer", &*id, "");
    platform
        .write(move |conn| match share_offers::withdraw(conn, &giver, &id, now) {
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::SHARE_OFFER_ANSWERED))),
            withdrawn => withdrawn.map(Ok),
        })
        .await??;
    Ok(HttpResponse::NoContent().finish())
}
