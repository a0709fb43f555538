//! `GET /devices/{device_id}`: one device with its facts.

use actix_web::{get, web};
use siteward_domain::DeviceId;

use super::Device;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives one device with everything that is known of it.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The device", body = Device),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}")]
pub(crate) async fn get_device(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<Device>, ApiError> {
    let (now, yardstick, company) = (platform.clock.now(), platform.yardstick(), on.company_id());
    let device = platform.read(move |conn| Device::read(conn, &company, &id, now, &yardstick)).await?;
    Ok(web::Json(device))
}
