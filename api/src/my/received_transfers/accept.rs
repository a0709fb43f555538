//! `POST /my/received_transfers/{device_transfer_id}/accept`: takes a device that somebody offers.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use siteward_domain::site::MOST_NAME_CHARACTERS;
use siteward_domain::{DeviceTransferId, SiteId};
use siteward_store::device_transfers::{Accepting, Destination, NotAccepted};
use siteward_store::end_users;
use siteward_worker::device_transfers;
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Where the device goes: to a site of one's own, or to a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceivedTransferAccept {
    /// A site of one's own.
    #[schema(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
    /// The name of a new one, which no company serves.
    #[schema(min_length = 1, max_length = 128)]
    site_name: Option<String>,
}

/// A device that is one's own.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedTransferAccepted {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// The site that it is on.
    #[schema(format = "uuid")]
    site_id: String,
}

/// Takes a device: it is the caller's alone from now on. What its former owner shared of it, allowed to a company and saw of it ends,
/// and they are told.
#[utoipa::path(tag = "my", request_body = ReceivedTransferAccept, params(("device_transfer_id" = String, Path, format = "uuid", description = "The transfer")), responses(
    (status = 200, description = "It is yours", body = ReceivedTransferAccepted),
    (status = 404, description = "Nothing of this id is offered to you, or the site is not yours", body = ErrorBody),
    (status = 409, description = "The two are in different regions", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/received_transfers/{device_transfer_id}/accept")]
pub(crate) async fn accept_received_transfer(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceTransferId>,
    body: Body<ReceivedTransferAccept>,
) -> Result<web::Json<ReceivedTransferAccepted>, ApiError> {
    let (id, body, now) = (id.into_inner(), body.into_inner(), platform.clock.now());
    note.object("device_transfer", &id, "");
    let (receiver, store) = (caller.id(), platform.store.clone());
    let name = body.site_name.as_deref().map(site_name).transpose()?;
    let accepted = platform
        .write(move |conn| {
            let into = match (&body.site_id, &name) {
                (Some(site), None) => Destination::Site(site.clone()),
                (None, Some(name)) => {
                    let time_zone = end_users::get_end_user(conn, &receiver)?.time_zone;
                    Destination::New { name: name.clone(), time_zone }
                }
                _ => return Ok(Err(ApiError::field(codes::FIELD_INVALID, "site_id"))),
            };
            let accepting = Accepting { id: id.clone(), receiver: receiver.clone(), into };
            let accepted = device_transfers::accept(conn, store.vault(), &accepting, now)?;
            Ok(accepted.map_err(|refusal| match refusal {
                NotAccepted::RegionDiffers => ApiError::new(codes::REGION_DIFFERS),
                NotAccepted::IsOwner => ApiError::new(codes::DEVICE_IS_YOURS),
            }))
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(ReceivedTransferAccepted {
        device_id: accepted.device_id.to_string(),
        site_id: accepted.site_id.to_string(),
    }))
}

fn site_name(text: &str) -> Result<String, ApiError> {
    let name = text.trim();
    let fits = (1..=MOST_NAME_CHARACTERS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(ApiError::field(codes::FIELD_INVALID, "site_name")) }
}
