//! `POST /devices/{device_id}/reboot`: tells a device to restart (R-O9).

use actix_web::{HttpResponse, post, web};
use siteward_devices::operations;
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::grant::DevicePermission;
use siteward_store::events;

use super::reaching::Reached;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Tells a device to restart. It is away for a minute or two.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 202, description = "It restarts", body = Object),
    (status = 409, description = "The site's status or its owner forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or refuses", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/reboot")]
pub(crate) async fn reboot_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let mut reached = Reached::open_with(&platform, on.caller(), &id, DevicePermission::Configuration).await?;
    note.object("device", &reached.device.id, &reached.device.name);
    let told = operations::reboot(&mut reached.client).await;
    reached.heard(&platform, told).await?;
    let (now, device) = (platform.clock.now(), &reached.device);
    let event = device_event(EventKind::DeviceRebooted, on.caller(), &device.site_id, &device.id, now);
    platform.write(move |conn| events::append(conn, &event)).await?;
    Ok(HttpResponse::Accepted().json(serde_json::json!({})))
}
