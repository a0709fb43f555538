//! `GET /firmware_files`: the firmware catalogue.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::firmware_files;
use utoipa::ToSchema;

use super::FirmwareFile;
use crate::access::May;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The firmware catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct FirmwareCatalogue {
    /// The files, newest first.
    #[schema(max_items = 500)]
    items: Vec<FirmwareFile>,
    /// Largest file that the server takes, in bytes.
    most_bytes: u64,
}

/// Lists the company's firmware files, newest first.
#[utoipa::path(tag = "firmware", responses(
    (status = 200, description = "The files", body = FirmwareCatalogue),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/firmware_files")]
pub(crate) async fn list_firmware_files(
    may: May<UpgradeFirmware>,
    platform: web::Data<Platform>,
) -> Result<web::Json<FirmwareCatalogue>, ApiError> {
    let company = may.company_id();
    let most_bytes = platform.settings.upgrades.most_file_mib * 1024 * 1024;
    let found = platform.read(move |conn| firmware_files::list(conn, &company)).await?;
    Ok(web::Json(FirmwareCatalogue { items: found.into_iter().map(Into::into).collect(), most_bytes }))
}
