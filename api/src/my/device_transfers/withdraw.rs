//! `DELETE /my/device_transfers/{device_transfer_id}`: takes an offer of a device back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::DeviceTransferId;
use siteward_store::device_transfers;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes a transfer back that waits for its code or for an answer.
#[utoipa::path(tag = "my", params(("device_transfer_id" = String, Path, format = "uuid", description = "The transfer")), responses(
    (status = 204, description = "Taken back"),
    (status = 404, description = "None of yours that waits", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/device_transfers/{device_transfer_id}")]
pub(crate) async fn withdraw_device_transfer(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceTransferId>,
) -> Result<HttpResponse, ApiError> {
    let now = platform.clock.now();
    note.object("device_transfer", &*id, "");
    platform.write(move |conn| device_transfers::withdraw(conn, &id, &caller.id(), now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
