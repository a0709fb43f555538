//! `GET /my/devices/{device_id}/channels/{channel}/presets`: the places that a camera remembers.

use actix_web::{get, web};
use serde::Serialize;
use siteward_devices::ptz;
use siteward_domain::DeviceId;
use utoipa::ToSchema;

use super::Movable;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// A place that a camera remembers.
#[derive(Serialize, ToSchema)]
pub(crate) struct CameraPreset {
    /// Its number.
    #[schema(minimum = 1)]
    number: u32,
    /// Its name; may be empty.
    name: String,
}

/// The places that a camera remembers.
#[derive(Serialize, ToSchema)]
pub(crate) struct CameraPresets {
    /// The places, by number.
    #[schema(max_items = 300)]
    items: Vec<CameraPreset>,
}

/// Lists the places that a camera remembers, as the device tells them now.
#[utoipa::path(tag = "my", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"),
    ("channel" = u32, Path, minimum = 1, maximum = 4096, description = "The channel"),
), responses(
    (status = 200, description = "The places", body = CameraPresets),
    (status = 404, description = "Neither yours nor shared with you", body = ErrorBody),
    (status = 409, description = "Moving the camera is not among what is shared with you, or the site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or cannot be moved", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}/channels/{channel}/presets")]
pub(crate) async fn list_my_presets(
    caller: EndUser,
    platform: web::Data<Platform>,
    path: web::Path<(DeviceId, u32)>,
) -> Result<web::Json<CameraPresets>, ApiError> {
    let (id, channel) = path.into_inner();
    let mut movable = Movable::open(&platform, &caller.0.id(), &id, channel).await?;
    let told = ptz::presets(&mut movable.client, channel).await;
    let presets = movable.heard(&platform, told).await?;
    let items = presets.into_iter().map(|preset| CameraPreset { number: preset.number, name: preset.name });
    Ok(web::Json(CameraPresets { items: items.collect() }))
}
