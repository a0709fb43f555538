//! `GET /my/devices/{device_id}/recordings`: what is recorded of a channel.

use actix_web::{get, web};
use siteward_domain::DeviceId;
use siteward_domain::share::SharePermission;

use crate::access::EndUser;
use crate::devices::{client_of, refused, stored};
use crate::error::{ApiError, ErrorBody};
use crate::my::channels::{checked_channel, may_use};
use crate::platform::Platform;
use crate::recordings::{self, RecordingPage, RecordingQuery};

/// Lists what is recorded of a channel, as the device tells it now.
#[utoipa::path(tag = "my", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"), RecordingQuery,
), responses(
    (status = 200, description = "A page of recordings", body = RecordingPage),
    (status = 404, description = "Neither yours nor shared with you", body = ErrorBody),
    (status = 409, description = "Recordings are not among what is shared with you, or the site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or keeps no recordings", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}/recordings")]
pub(crate) async fn list_my_recordings(
    caller: EndUser,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<RecordingQuery>,
) -> Result<web::Json<RecordingPage>, ApiError> {
    let channel = checked_channel(query.channel.unwrap_or(1))?;
    let wanted = query.wanted(channel, platform.clock.now())?;
    may_use(&platform, &caller.0.id(), &id, channel, SharePermission::Playback).await?;
    let _place = platform.searches.take(caller.0.id().as_str(), &id)?;
    let (device, credential) = stored(&platform, &id).await?;
    let mut client = client_of(&platform, &device, &credential)?;
    match recordings::list(&mut client, wanted).await {
        Ok(page) => Ok(web::Json(page)),
        Err(error) => Err(refused(&platform, &device, error).await?),
    }
}
