//! `POST /devices/{device_id}/panel/disarm`: disarms an alarm panel.

use actix_web::{post, web};
use siteward_domain::DeviceId;

use super::commanding::{Command, command};
use super::{Panel, PanelAreaCommand, area};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Disarms one area of an alarm panel, or all.
#[utoipa::path(tag = "panels", request_body = PanelAreaCommand, params(("device_id" = String, Path, format = "uuid", description = "The alarm panel")), responses(
    (status = 200, description = "It is disarmed; how it is now", body = Panel),
    (status = 409, description = "The panel refuses, or the site's status forbids it", body = ErrorBody),
    (status = 422, description = "The panel does not answer", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/panel/disarm")]
pub(crate) async fn disarm_panel(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<PanelAreaCommand>,
) -> Result<web::Json<Panel>, ApiError> {
    let told = Command::Disarm(area(body.into_inner().area)?);
    command(&platform, on.caller(), &note, &id, told).await.map(web::Json)
}
