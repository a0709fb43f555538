//! `POST /my/received_offers/{share_offer_id}/refuse`: does not want what is offered.

use actix_web::{HttpResponse, post, web};
use siteward_domain::ShareOfferId;
use siteward_worker::share_offers;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Refuses an offer.
#[utoipa::path(tag = "my sharing", params(("share_offer_id" = String, Path, format = "uuid", description = "The offer")), responses(
    (status = 204, description = "Refused, as was asked for"),
    (status = 404, description = "It waits for nobody's answer, or not for yours", body = ErrorBody),
    (status = "4XX", description = "Not done", body = ErrorBody),
))]
#[post("/my/received_offers/{share_offer_id}/refuse")]
pub(crate) async fn refuse_received_offer(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareOfferId>,
) -> Result<HttpResponse, ApiError> {
    let (receiver, now) = (caller.0.id(), platform.clock.now());
    note.object("share_offer", &*id, "");
    platform.write(move |conn| share_offers::refuse(conn, &receiver, &id, now)).await?;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
