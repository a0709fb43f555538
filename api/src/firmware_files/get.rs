//! `GET /firmware_files/{firmware_file_id}`: one file of the catalogue.

use actix_web::{get, web};
use siteward_domain::FirmwareFileId;
use siteward_store::firmware_files;

use super::FirmwareFile;
use crate::access::May;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives a firmware file, without its bytes.
#[utoipa::path(tag = "firmware", params(("firmware_file_id" = String, Path, format = "uuid", description = "The file")), responses(
    (status = 200, description = "The file", body = FirmwareFile),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/firmware_files/{firmware_file_id}")]
pub(crate) async fn get_firmware_file(
    may: May<UpgradeFirmware>,
    platform: web::Data<Platform>,
    id: web::Path<FirmwareFileId>,
) -> Result<web::Json<FirmwareFile>, ApiError> {
    let company = may.company_id();
    let file = platform.read(move |conn| firmware_files::get(conn, &company, &id)).await?;
    Ok(web::Json(file.into()))
}
