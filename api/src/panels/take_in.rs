//! `DELETE /devices/{device_id}/panel/zones/{zone}/bypass`: takes a zone in again.

use actix_web::{delete, web};
use siteward_domain::DeviceId;

use super::Panel;
use super::commanding::{Command, command};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes a zone in again that was left out.
#[utoipa::path(tag = "panels", params(
    ("device_id" = String, Path, format = "uuid", description = "The alarm panel"),
    ("zone" = u32, Path, description = "The panel's number for the zone, from 0"),
), responses(
    (status = 200, description = "The zone is taken in; how the panel is now", body = Panel),
    (status = 409, description = "The panel refuses, or the site's status forbids it", body = ErrorBody),
    (status = 422, description = "The panel does not answer", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/devices/{device_id}/panel/zones/{zone}/bypass")]
pub(crate) async fn take_in_panel_zone(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(DeviceId, u32)>,
) -> Result<web::Json<Panel>, ApiError> {
    let (id, zone) = path.into_inner();
    command(&platform, on.caller(), &note, &id, Command::TakeIn(zone)).await.map(web::Json)
}
