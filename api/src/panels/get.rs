//! `GET /devices/{device_id}/panel`: what an alarm panel told of itself.

use actix_web::{get, web};
use siteward_domain::DeviceId;
use siteward_store::devices;

use super::{Panel, is_panel, period};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells how an alarm panel was when the worker last read it.
#[utoipa::path(tag = "panels", params(("device_id" = String, Path, format = "uuid", description = "The alarm panel")), responses(
    (status = 200, description = "What it told", body = Panel),
    (status = 409, description = "The device is no alarm panel", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/panel")]
pub(crate) async fn get_panel(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<Panel>, ApiError> {
    let (now, company, period) = (platform.clock.now(), on.company_id(), period(&platform));
    let (device, panel) = platform
        .read(move |conn| {
            let device = devices::get_device(conn, &company, &id)?;
            let panel = Panel::read(conn, &id, now, period)?;
            Ok((device, panel))
        })
        .await?;
    is_panel(&device)?;
    Ok(web::Json(panel))
}
