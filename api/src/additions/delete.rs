//! `DELETE /additions/{addition_id}`: gives up adding a device.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::AdditionId;
use siteward_store::additions;

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Gives up an addition; its secrets are erased. What was done on the device stays done.
#[utoipa::path(tag = "additions", params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 204, description = "Given up"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/additions/{addition_id}")]
pub(crate) async fn delete_addition(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<AdditionId>,
) -> Result<HttpResponse, ApiError> {
    let company = on.company_id();
    note.object("addition", &*id, "");
    let serial = platform
        .write(move |conn| {
            let addition = additions::get(conn, &company, &id)?;
            additions::delete(conn, &company, &id)?;
            Ok(addition.serial)
        })
        .await?;
    note.object("addition", &serial, serial.as_str());
    Ok(HttpResponse::NoContent().finish())
}
