//! `DELETE /my/session`: an end user signs out.

use actix_web::{HttpRequest, HttpResponse, delete, web};
use siteward_store::end_user_sessions;

use crate::access::EndUser;
use crate::access::session::{Kind, forgotten_cookie};
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Signs the end user out: the session ends at once. A member of staff who is signed in beside stays so.
#[utoipa::path(tag = "my", responses(
    (status = 204, description = "Signed out"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/session")]
pub(crate) async fn delete_my_session(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<HttpResponse, ApiError> {
    note.object("end_user", &caller.0.id(), caller.0.name());
    let id = caller.0.record.id;
    platform.write(move |conn| end_user_sessions::end_session(conn, &id)).await?;
    Ok(HttpResponse::NoContent().cookie(forgotten_cookie(&request, Kind::EndUser, platform.is_secure())).finish())
}
