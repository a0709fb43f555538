//! `POST /devices/{device_id}/time`: sets a device's clock and time zone (R-O9).

use actix_web::{post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_devices::{Answer, isapi, operations, xml};
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::grant::DevicePermission;
use siteward_store::{devices, events};
use utoipa::ToSchema;

use super::reaching::Reached;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// What was set.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceTime {
    /// How far its clock was ahead (negative: behind) before, in seconds; null where it did not tell.
    #[schema(required = true)]
    offset_before_seconds: Option<i64>,
    /// The time zone it has now: the site's.
    time_zone: String,
}

/// Sets a device's clock to now, in the time zone of its site.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "Set", body = DeviceTime),
    (status = 409, description = "The site's status or its owner forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or refuses", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/time")]
pub(crate) async fn set_device_time(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<web::Json<DeviceTime>, ApiError> {
    let mut reached = Reached::open_with(&platform, on.caller(), &id, DevicePermission::Configuration).await?;
    note.object("device", &reached.device.id, &reached.device.name);
    let time_zone = reached.site.time_zone.clone();
    let zone: chrono_tz::Tz = time_zone.parse().map_err(|_| ApiError::new(codes::TIME_ZONE_UNKNOWN))?;
    let before = reached.client.get(isapi::time::PATH).await;
    let before = reached.heard(&platform, before).await?;
    let offset_before_seconds = offset(&before, platform.clock.now());
    let set = operations::set_time(&mut reached.client, platform.clock.now(), zone).await;
    reached.heard(&platform, set).await?;
    let (now, device, company) = (platform.clock.now(), &reached.device, on.company_id());
    let event = device_event(EventKind::DeviceTimeSet, on.caller(), &device.site_id, &device.id, now);
    let id = device.id.clone();
    platform
        .write(move |conn| {
            // The exception of a wrong clock ends as soon as the clock was read again.
            devices::request_check(conn, &company, &id, now)?;
            events::append(conn, &event)
        })
        .await?;
    Ok(web::Json(DeviceTime { offset_before_seconds, time_zone }))
}

/// How far the device's clock is ahead, as far as its answer tells.
fn offset(answer: &Answer, now: DateTime<Utc>) -> Option<i64> {
    let text = std::str::from_utf8(&answer.body).ok()?;
    isapi::time::read(&xml::read(text).ok()?, now)?.offset_seconds
}
