//! `GET /devices/{device_id}/recordings`: what is recorded of a channel.

use actix_web::{get, web};
use siteward_domain::DeviceId;
use siteward_domain::grant::DevicePermission;

use crate::access::OnSites;
use crate::devices::reaching::Reached;
use crate::error::{ApiError, ErrorBody};
use crate::my::channels::checked_channel;
use crate::platform::Platform;
use crate::recordings::{self, RecordingPage, RecordingQuery};

/// Lists what is recorded of a channel, as the device tells it now.
#[utoipa::path(tag = "devices", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"), RecordingQuery,
), responses(
    (status = 200, description = "A page of recordings", body = RecordingPage),
    (status = 409, description = "The site's status or its owner forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or keeps no recordings", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/recordings")]
pub(crate) async fn list_recordings(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<RecordingQuery>,
) -> Result<web::Json<RecordingPage>, ApiError> {
    let channel = checked_channel(query.channel.unwrap_or(1))?;
    let wanted = query.wanted(channel, platform.clock.now())?;
    let mut reached = Reached::open_with(&platform, on.caller(), &id, DevicePermission::Playback).await?;
    let _place = platform.searches.take(&on.caller().record.staff_id.to_string(), &id)?;
    let told = recordings::list(&mut reached.client, wanted).await;
    reached.heard(&platform, told).await.map(web::Json)
}
