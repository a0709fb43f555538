//! `POST /my/received_offers/{share_offer_id}/accept`: takes what is offered.

use actix_web::{HttpResponse, post, web};
use siteward_domain::ShareOfferId;
use siteward_worker::share_offers;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::handovers::share_refused;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Accepts an offer: what is offered is shared from now on. Where that cannot be, the offer waits on.
#[utoipa::path(tag = "my sharing", params(("share_offer_id" = String, Path, format = "uuid", description = "The offer")), responses(
    (status = 204, description = "Accepted"),
    (status = 404, description = "It waits for nobody's answer, or not for yours", body = ErrorBody),
    (status = 409, description = "The regions differ, a channel or the account has as many shares as it may, or a firmware is too old", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/received_offers/{share_offer_id}/accept")]
pub(crate) async fn accept_received_offer(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareOfferId>,
) -> Result<HttpResponse, ApiError> {
    let (receiver, now) = (caller.0.id(), platform.clock.now());
    note.object("share_offer", &*id, "");
    platform.write(move |conn| Ok(share_offers::accept(conn, &receiver, &id, now)?.map_err(share_refused))).await??;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
