//! `POST /my/device_transfers/{device_transfer_id}/confirm`: the code of the mail.

use actix_web::{post, web};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use siteward_domain::DeviceTransferId;
use siteward_store::device_transfers::Confirmed;
use siteward_worker::device_transfers;
use utoipa::ToSchema;

use super::{DeviceTransfer, code_hash};
use crate::access::{EndUser, sent_code, token};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// The code of the mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceTransferConfirm {
    /// Six digits.
    #[schema(value_type = String, min_length = 6, max_length = 12)]
    code: SecretString,
}

/// Takes the code: whoever is to have the device is asked. Five wrong codes end the transfer.
#[utoipa::path(tag = "my", request_body = DeviceTransferConfirm, params(("device_transfer_id" = String, Path, format = "uuid", description = "The transfer")), responses(
    (status = 200, description = "Offered", body = DeviceTransfer),
    (status = 404, description = "None of yours that waits for a code", body = ErrorBody),
    (status = 409, description = "Too late, or wrong too often", body = ErrorBody),
    (status = 422, description = "The code is wrong (details.tries_left)", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/device_transfers/{device_transfer_id}/confirm")]
pub(crate) async fn confirm_device_transfer(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceTransferId>,
    body: Body<DeviceTransferConfirm>,
) -> Result<web::Json<DeviceTransfer>, ApiError> {
    let (id, now, giver) = (id.into_inner(), platform.clock.now(), caller.id());
    note.object("device_transfer", &id, "");
    let hash = code_hash(&id, &sent_code::given(&body.into_inner().code));
    let login_hash = |login: &str| token::hash(&format!("transfer:{login}"));
    let confirmed =
        platform.write(move |conn| device_transfers::confirm(conn, &id, &giver, &hash, login_hash, now)).await?;
    match confirmed {
        Confirmed::Offered(transfer) => {
            (platform.wake_worker)();
            Ok(web::Json(transfer.into()))
        }
        Confirmed::Wrong { left } => {
            let details = json!({ "field": "code", "tries_left": left });
            Err(ApiError::field(codes::TRANSFER_CODE_WRONG, "code").with_details(details))
        }
        Confirmed::Over => Err(ApiError::new(codes::TRANSFER_OVER)),
    }
}
