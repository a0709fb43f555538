//! `POST /upgrades/{upgrade_id}/devices/{device_id}/configuration`: the configuration that was saved before an upgrade.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;
use siteward_domain::grant::DevicePermission;
use siteward_domain::{DeviceId, UpgradeId};
use siteward_store::StoreError;
use siteward_store::upgrades::{self, configuration_place, place_row};
use utoipa::ToSchema;

use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grants::permitted;
use crate::operation_log::Note;
use crate::platform::Platform;

/// The configuration as the device exported it.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they are")]
pub(crate) struct SavedConfiguration(Vec<u8>);

/// Gives the configuration of a device as it was saved before an upgrade, for the Admin: it may hold passwords. It is kept for
/// 90 days after the end of the upgrade.
#[utoipa::path(tag = "firmware", params(
    ("upgrade_id" = String, Path, format = "uuid", description = "The upgrade"),
    ("device_id" = String, Path, format = "uuid", description = "The device"),
), responses(
    (status = 200, description = "The configuration", body = SavedConfiguration, content_type = "application/octet-stream"),
    (status = 404, description = "None was saved", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/upgrades/{upgrade_id}/devices/{device_id}/configuration")]
pub(crate) async fn get_saved_configuration(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(UpgradeId, DeviceId)>,
) -> Result<HttpResponse, ApiError> {
    let (upgrade, device) = path.into_inner();
    note.object("device", &device, "");
    if !on.caller().record.is_admin {
        return Err(ApiError::new(codes::RIGHT_MISSING));
    }
    permitted(&platform, on.caller(), &device, DevicePermission::Configuration).await?;
    let company = on.company_id();
    let (of, row) = (company.clone(), place_row(&upgrade, &device));
    let sealed = platform.read(move |conn| upgrades::get_configuration(conn, &of, &upgrade, &device)).await?;
    let text = platform.store.vault().open(configuration_place(&company, &row), &sealed).map_err(StoreError::from)?;
    let bytes = STANDARD.decode(text.expose_secret()).map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"configuration.bin\""))
        .body(bytes))
}
