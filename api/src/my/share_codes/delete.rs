//! `DELETE /my/share_codes/{share_code_id}`: revokes a code.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::ShareCodeId;
use siteward_store::share_codes;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Revokes a code: nobody applies with it any more. Who applied before waits on, and what is shared stays shared.
#[utoipa::path(tag = "my sharing", params(("share_code_id" = String, Path, format = "uuid", description = "The code")), responses(
    (status = 204, description = "Revoked"),
    (status = 404, description = "Not there, not yours, or revoked before", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/share_codes/{share_code_id}")]
pub(crate) async fn revoke_share_code(
    end_user: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareCodeId>,
) -> Result<HttpResponse, ApiError> {
    let (now, giver) = (platform.clock.now(), end_user.0.id());
    note.object("share_code", &*id, "");
    platform.write(move |conn| share_codes::revoke_code(conn, &giver, &id, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
