//! `GET /devices/{device_id}/upgrades`: the last upgrades of a device.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::DeviceId;
use siteward_store::upgrades;
use utoipa::ToSchema;

use super::UpgradeDevice;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The last upgrades of a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradesOfDevice {
    /// The upgrades, newest first.
    #[schema(max_items = 20)]
    items: Vec<UpgradeDevice>,
}

/// Lists the last upgrades of a device, newest first, the one that is under way among them.
#[utoipa::path(tag = "firmware", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The upgrades", body = UpgradesOfDevice),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/upgrades")]
pub(crate) async fn list_upgrades_of_device(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<UpgradesOfDevice>, ApiError> {
    let company = on.company_id();
    let found = platform.read(move |conn| upgrades::list_of_device(conn, &company, &id)).await?;
    Ok(web::Json(UpgradesOfDevice { items: found.into_iter().map(Into::into).collect() }))
}
