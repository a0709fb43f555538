//! `GET /my/devices/{device_id}`: one of the end user's devices.

use actix_web::{get, web};
use siteward_domain::DeviceId;
use siteward_store::{StoreError, devices, facts, owned_sites};

use super::MyDevice;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives one of the end user's devices with what is known of how it is.
#[utoipa::path(tag = "my", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The device", body = MyDevice),
    (status = 404, description = "Not there, not yours, or on a site that is suspended", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}")]
pub(crate) async fn get_my_device(
    _: Owned,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<MyDevice>, ApiError> {
    let (now, yardstick) = (platform.clock.now(), platform.yardstick());
    let (summary, facts) = platform
        .read(move |conn| {
            let (company, _) = owned_sites::place_of_device(conn, &id)?;
            let device = devices::get_device(conn, &company, &id)?;
            let summary = devices::summarize(conn, vec![device], now)?.pop().ok_or(StoreError::NotFound)?;
            Ok((summary, facts::list_facts(conn, &id)?))
        })
        .await?;
    Ok(web::Json(MyDevice::new(summary, facts, now, &yardstick)))
}
