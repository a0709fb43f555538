//! `POST /my/received_transfers/{device_transfer_id}/refuse`: does not take a device.

use actix_web::{HttpResponse, post, web};
use siteward_domain::DeviceTransferId;
use siteward_worker::device_transfers;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Refuses a device; whoever offers it is told.
#[utoipa::path(tag = "my", params(("device_transfer_id" = String, Path, format = "uuid", description = "The transfer")), responses(
    (status = 204, description = "Refused"),
    (status = 404, description = "Nothing of this id is offered to you", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/received_transfers/{device_transfer_id}/refuse")]
pub(crate) async fn refuse_received_transfer(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceTransferId>,
) -> Result<HttpResponse, ApiError> {
    let now = platform.clock.now();
    note.object("device_transfer", &*id, "");
    platform.write(move |conn| device_transfers::refuse(conn, &id, &caller.id(), now)).await?;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
