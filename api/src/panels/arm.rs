//! `POST /devices/{device_id}/panel/arm`: arms an alarm panel.

use actix_web::{post, web};
use serde::Deserialize;
use siteward_devices::panel::ArmWay;
use siteward_domain::DeviceId;
use utoipa::ToSchema;

use super::commanding::{Command, command};
use super::{Panel, area};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// How an area is armed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ArmMode {
    /// Nobody is inside.
    Away,
    /// People are inside.
    Stay,
}

/// What is armed, and how.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PanelArming {
    /// The area's number, from 1; null or left out: all areas.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 64)]
    area: Option<u32>,
    /// How.
    mode: ArmMode,
}

/// Arms one area of an alarm panel, or all. Where zones stand open, the refusal names them.
#[utoipa::path(tag = "panels", request_body = PanelArming, params(("device_id" = String, Path, format = "uuid", description = "The alarm panel")), responses(
    (status = 200, description = "It is armed, or arms; how it is now", body = Panel),
    (status = 409, description = "The panel refuses, or the site's status forbids it", body = ErrorBody),
    (status = 422, description = "The panel does not answer", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/panel/arm")]
pub(crate) async fn arm_panel(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<PanelArming>,
) -> Result<web::Json<Panel>, ApiError> {
    let asked = body.into_inner();
    let way = match asked.mode {
        ArmMode::Away => ArmWay::Away,
        ArmMode::Stay => ArmWay::Stay,
    };
    let arm = Command::Arm(area(asked.area)?, way);
    command(&platform, on.caller(), &note, &id, arm).await.map(web::Json)
}
