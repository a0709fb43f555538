//! `GET /devices/{device_id}/recordings/download`: a recording as a file.

use actix_web::{HttpResponse, get, web};
use siteward_domain::DeviceId;
use siteward_domain::grant::DevicePermission;

use crate::access::OnSites;
use crate::devices::reaching::Reached;
use crate::error::{ApiError, ErrorBody};
use crate::grants::permitted;
use crate::my::channels::checked_channel;
use crate::platform::Platform;
use crate::recordings::{Clip, ClipFile, ClipQuery, fetch};

/// Gives a recording as a file, as the device has it. Ends when the owner does not allow it any more.
#[utoipa::path(tag = "devices", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"), ClipQuery,
), responses(
    (status = 200, description = "The recording", body = ClipFile, content_type = "video/mpeg"),
    (status = 404, description = "Not there or not yours, or no recording begins then", body = ErrorBody),
    (status = 409, description = "The site's status or its owner forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or does not give it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/recordings/download")]
pub(crate) async fn get_recording(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<ClipQuery>,
) -> Result<HttpResponse, ApiError> {
    let (caller, id, channel) = (on.caller().clone(), id.into_inner(), checked_channel(query.channel.unwrap_or(1))?);
    let from = query.begins()?;
    Reached::open_with(&platform, &caller, &id, DevicePermission::Playback).await?;
    let place = platform.clips.take(&caller.record.staff_id.to_string(), &id)?;
    let (fetched, name) = fetch(&platform, &id, channel, from).await?;
    let may_go_on = move || {
        let (platform, caller, id) = (platform.clone(), caller.clone(), id.clone());
        let may = async move { permitted(&platform, &caller, &id, DevicePermission::Playback).await.is_ok() };
        Box::pin(may) as std::pin::Pin<Box<dyn Future<Output = bool>>>
    };
    Ok(Clip::new(fetched, place, Box::new(may_go_on))?.answer(name))
}
