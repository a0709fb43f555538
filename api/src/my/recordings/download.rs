//! `GET /my/devices/{device_id}/recordings/download`: a recording as a file.

use actix_web::{HttpResponse, get, web};
use siteward_domain::DeviceId;
use siteward_domain::share::SharePermission;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::my::channels::{checked_channel, may_still, may_use};
use crate::platform::Platform;
use crate::recordings::{Clip, ClipFile, ClipQuery, fetch};

/// Gives a recording as a file, as the device has it. Ends within a second when the end user may not see it any more.
#[utoipa::path(tag = "my", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"), ClipQuery,
), responses(
    (status = 200, description = "The recording", body = ClipFile, content_type = "video/mpeg"),
    (status = 404, description = "Neither yours nor shared with you, or no recording begins then", body = ErrorBody),
    (status = 409, description = "Recordings are not among what is shared with you, or the site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or does not give it", body = ErrorBody),
    (status = 429, description = "You, or others, fetch as many as there is room for", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}/recordings/download")]
pub(crate) async fn get_my_recording(
    caller: EndUser,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<ClipQuery>,
) -> Result<HttpResponse, ApiError> {
    let (caller, id, channel) = (caller.0, id.into_inner(), checked_channel(query.channel.unwrap_or(1))?);
    let from = query.begins()?;
    may_use(&platform, &caller.id(), &id, channel, SharePermission::Playback).await?;
    let place = platform.clips.take(caller.id().as_str(), &id)?;
    let (fetched, name) = fetch(&platform, &id, channel, from).await?;
    let may_go_on = move || {
        let (platform, caller, id) = (platform.clone(), caller.clone(), id.clone());
        let may = async move { may_still(&platform, &caller, &id, channel, SharePermission::Playback).await };
        Box::pin(may) as std::pin::Pin<Box<dyn Future<Output = bool>>>
    };
    Ok(Clip::new(fetched, place, Box::new(may_go_on))?.answer(name))
}
