//! `POST /my/devices/{device_id}/channels/{channel}/presets`: to a place that a camera remembers.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_devices::operations;
use siteward_domain::DeviceId;
use utoipa::ToSchema;

use super::Movable;
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// The highest number of a preset.
const MOST_PRESETS: u32 = 300;

/// Which place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PresetChoice {
    /// Its number.
    #[schema(minimum = 1, maximum = 300)]
    preset: u32,
}

/// Turns a camera to a place that it remembers.
#[utoipa::path(tag = "my", request_body = PresetChoice, params(
    ("device_id" = String, Path, format = "uuid", description = "The device"),
    ("channel" = u32, Path, minimum = 1, maximum = 4096, description = "The channel"),
), responses(
    (status = 204, description = "It turns there"),
    (status = 404, description = "Neither yours nor shared with you", body = ErrorBody),
    (status = 409, description = "Moving the camera is not among what is shared with you, or the site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or cannot be moved", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/devices/{device_id}/channels/{channel}/presets")]
pub(crate) async fn go_to_my_preset(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(DeviceId, u32)>,
    body: Body<PresetChoice>,
) -> Result<HttpResponse, ApiError> {
    let ((id, channel), preset) = (path.into_inner(), body.into_inner().preset);
    if !(1..=MOST_PRESETS).contains(&preset) {
        return Err(ApiError::field(codes::FIELD_INVALID, "preset"));
    }
    let mut movable = Movable::open_to_move(&platform, &caller.0.id(), &id, channel).await?;
    note.object("device", &id, movable.device.name.clone());
    let told = operations::go_to_preset(&mut movable.client, channel, preset).await;
    movable.heard(&platform, told).await?;
    Ok(HttpResponse::NoContent().finish())
}
