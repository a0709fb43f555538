//! `DELETE /firmware_files/{firmware_file_id}`: takes a file off the catalogue.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::FirmwareFileId;
use siteward_store::{StoreError, firmware_files};

use super::OBJECT;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes a file off the catalogue. Its bytes are removed within a day, unless another company has the same file.
#[utoipa::path(tag = "firmware", params(("firmware_file_id" = String, Path, format = "uuid", description = "The file")), responses(
    (status = 204, description = "Taken off"),
    (status = 409, description = "An upgrade or another file needs it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/firmware_files/{firmware_file_id}")]
pub(crate) async fn delete_firmware_file(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<FirmwareFileId>,
) -> Result<HttpResponse, ApiError> {
    let (company, id) = (admin.0.company_id(), id.into_inner());
    note.object(OBJECT, &id, "");
    let name = platform
        .write(move |conn| {
            let file = firmware_files::get(conn, &company, &id)?;
            match firmware_files::delete(conn, &company, &id) {
                Ok(()) => Ok(Ok((id.clone(), file.file_name))),
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::FIRMWARE_FILE_IN_USE))),
                Err(error) => Err(error),
            }
        })
        .await?;
    let (id, file_name) = name?;
    note.object(OBJECT, &id, file_name);
    Ok(HttpResponse::NoContent().finish())
}
