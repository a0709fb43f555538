//! `POST /my/devices/{device_id}/channels/{channel}/ptz`: a moment in a direction.

use std::time::Duration;

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_devices::ptz::{self, Move};
use siteward_domain::DeviceId;
use utoipa::ToSchema;

use super::Movable;
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// How long a move lasts.
const MOMENT: Duration = Duration::from_millis(500);

/// Where to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CameraMove {
    /// To the right, or to the left below 0; how fast.
    #[serde(default)]
    #[schema(minimum = -100, maximum = 100)]
    pan: i32,
    /// Up, or down below 0; how fast.
    #[serde(default)]
    #[schema(minimum = -100, maximum = 100)]
    tilt: i32,
    /// Closer, or wider below 0; how fast.
    #[serde(default)]
    #[schema(minimum = -100, maximum = 100)]
    zoom: i32,
}

/// Moves a camera for half a second; then it stops by itself.
#[utoipa::path(tag = "my", request_body = CameraMove, params(
    ("device_id" = String, Path, format = "uuid", description = "The device"),
    ("channel" = u32, Path, minimum = 1, maximum = 4096, description = "The channel"),
), responses(
    (status = 204, description = "It moves"),
    (status = 404, description = "Neither yours nor shared with you", body = ErrorBody),
    (status = 409, description = "Moving the camera is not among what is shared with you, or the site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or cannot be moved", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/devices/{device_id}/channels/{channel}/ptz")]
pub(crate) async fn move_my_camera(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(DeviceId, u32)>,
    body: Body<CameraMove>,
) -> Result<HttpResponse, ApiError> {
    let ((id, channel), asked) = (path.into_inner(), body.into_inner());
    for (name, speed) in [("pan", asked.pan), ("tilt", asked.tilt), ("zoom", asked.zoom)] {
        if !(-100..=100).contains(&speed) {
            return Err(ApiError::field(codes::FIELD_INVALID, name));
        }
    }
    let mut movable = Movable::open_to_move(&platform, &caller.0.id(), &id, channel).await?;
    note.object("device", &id, movable.device.name.clone());
    let to = Move { pan: asked.pan, tilt: asked.tilt, zoom: asked.zoom };
    let told = ptz::move_camera(&mut movable.client, channel, to, MOMENT).await;
    movable.heard(&platform, told).await?;
    Ok(HttpResponse::NoContent().finish())
}
