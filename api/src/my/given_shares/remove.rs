//! `DELETE /my/given_shares/{given_share_id}`: takes a share back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::ShareId;
use siteward_store::shares;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes a share back: the receiver sees nothing of it from now on, and is told.
#[utoipa::path(tag = "my sharing", params(("given_share_id" = String, Path, format = "uuid", description = "The share")), responses(
    (status = 204, description = "Taken back"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/given_shares/{given_share_id}")]
pub(crate) async fn remove_given_share(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareId>,
) -> Result<HttpResponse, ApiError> {
    let (giver, now) = (caller.0.id(), platform.clock.now());
    let actor = format!("end_user:{giver}");
    note.object("share", &*id, "");
    platform.write(move |conn| shares::remove_given(conn, &giver, &id, &actor, now)).await?;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
