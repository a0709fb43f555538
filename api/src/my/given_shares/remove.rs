//! `DELETE /my/given_shares/{given_share_id}`: takes a share back, or one device out of it.

use actix_web::{HttpResponse, delete, web};
use serde::Deserialize;
use siteward_domain::{DeviceId, ShareId};
use siteward_store::shares;
use utoipa::IntoParams;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// How much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveShareQuery {
    /// Only this device; with its last one the share ends.
    #[param(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
}

/// Takes a share back: the receiver sees nothing of it from now on, and is told.
#[utoipa::path(tag = "my sharing", params(RemoveShareQuery, ("given_share_id" = String, Path, format = "uuid", description = "The share")), responses(
    (status = 204, description = "Taken back"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/given_shares/{given_share_id}")]
pub(crate) async fn remove_given_share(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareId>,
    query: web::Query<RemoveShareQuery>,
) -> Result<HttpResponse, ApiError> {
    let (giver, now) = (caller.0.id(), platform.clock.now());
    let actor = format!("end_user:{giver}");
    note.object("share", &*id, "");
    let removing = platform.write(move |conn| match &query.device_id {
        Some(device) => shares::remove_given_device(conn, &giver, &id, device, &actor, now),
        None => shares::remove_given(conn, &giver, &id, &actor, now),
    });
    removing.await?;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
