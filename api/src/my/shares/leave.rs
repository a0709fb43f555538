//! `DELETE /my/shares/{share_id}`: gives a share up.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::ShareId;
use siteward_store::shares;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Gives a share up. Whoever shares is not touched by it.
#[utoipa::path(tag = "my", params(("share_id" = String, Path, format = "uuid", description = "The share")), responses(
    (status = 204, description = "Given up"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/shares/{share_id}")]
pub(crate) async fn leave_my_share(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareId>,
) -> Result<HttpResponse, ApiError> {
    let (receiver, now) = (caller.0.id(), platform.clock.now());
    let actor = format!("end_user:{receiver}");
    note.object("share", &*id, "");
    platform.write(move |conn| shares::leave(conn, &receiver, &id, &actor, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
