//! `GET /my/device_transfers`: the devices that somebody gives or gave away.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::device_transfers;
use utoipa::ToSchema;

use super::DeviceTransfer;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Devices that somebody gives or gave away.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceTransferList {
    /// Newest first.
    #[schema(max_items = 100)]
    items: Vec<DeviceTransfer>,
}

/// Lists the devices that one gives or gave away, newest first, the last hundred.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "The transfers", body = DeviceTransferList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/device_transfers")]
pub(crate) async fn list_device_transfers(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<DeviceTransferList>, ApiError> {
    let given = platform.read(move |conn| device_transfers::list_given(conn, &caller.id())).await?;
    Ok(web::Json(DeviceTransferList { items: given.into_iter().map(Into::into).collect() }))
}
