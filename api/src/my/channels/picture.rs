//! `GET /my/devices/{device_id}/channels/{channel}/picture`: how a channel looks now.

use actix_web::{HttpResponse, get, web};
use siteward_domain::DeviceId;

use super::{checked_channel, watch};
use crate::access::EndUser;
use crate::devices::snapshot::Jpeg;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives a picture of a channel, at most a second old. It is kept nowhere.
#[utoipa::path(tag = "my", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"),
    ("channel" = u32, Path, minimum = 1, maximum = 4096, description = "The channel"),
), responses(
    (status = 200, description = "The picture", body = Jpeg, content_type = "image/jpeg"),
    (status = 404, description = "Neither yours nor shared with you", body = ErrorBody),
    (status = 409, description = "The site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or has no picture", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}/channels/{channel}/picture")]
pub(crate) async fn get_my_picture(
    caller: EndUser,
    platform: web::Data<Platform>,
    path: web::Path<(DeviceId, u32)>,
) -> Result<HttpResponse, ApiError> {
    let (device, channel) = path.into_inner();
    let mut watcher = watch(&platform, &caller.0.id(), &device, checked_channel(channel)?).await?;
    let picture = watcher.now().await?;
    Ok(HttpResponse::Ok().content_type("image/jpeg").body(picture))
}
