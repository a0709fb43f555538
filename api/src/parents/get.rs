//! `GET /devices/{device_id}/parent`: what a device hangs behind, and why.

use actix_web::{get, web};
use siteward_domain::DeviceId;

use super::DeviceParent;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells what a device hangs behind.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "What it hangs behind", body = DeviceParent),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/parent")]
pub(crate) async fn get_parent(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<DeviceParent>, ApiError> {
    let company = on.company_id();
    Ok(web::Json(platform.read(move |conn| DeviceParent::read(conn, &company, &id)).await?))
}
