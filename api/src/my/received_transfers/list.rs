//! `GET /my/received_transfers`: the devices that wait for one's answer.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::device_transfers::{self, Transfer};
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// A device that somebody offers.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedTransfer {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device's name; may be empty.
    device_name: String,
    /// Its model; may be empty.
    model: String,
    /// Its serial number.
    #[schema(required = true)]
    serial: Option<String>,
    /// Who offers it.
    giver: String,
    /// Whether the two are in different regions, so that it cannot be accepted.
    region_differs: bool,
    /// Since when.
    created_at: DateTime<Utc>,
}

/// Devices that wait for one's answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedTransferList {
    /// Newest first.
    #[schema(max_items = 100)]
    items: Vec<ReceivedTransfer>,
}

/// Lists the devices that somebody offers to the caller's address, newest first.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "What waits", body = ReceivedTransferList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/received_transfers")]
pub(crate) async fn list_received_transfers(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<ReceivedTransferList>, ApiError> {
    let offered = platform.read(move |conn| device_transfers::list_received(conn, &caller.id())).await?;
    Ok(web::Json(ReceivedTransferList { items: offered.into_iter().map(Into::into).collect() }))
}

impl From<Transfer> for ReceivedTransfer {
    fn from(transfer: Transfer) -> Self {
        Self {
            id: transfer.id.to_string(),
            device_name: transfer.device_name,
            model: transfer.model,
            serial: transfer.serial.map(Into::into),
            giver: transfer.giver_name,
            region_differs: transfer.region_differs,
            created_at: transfer.created_at,
        }
    }
}
