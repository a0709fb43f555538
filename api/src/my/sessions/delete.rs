//! `DELETE /my/sessions/{session_id}`: an end user signs out somewhere else.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::EndUserSessionId;
use siteward_store::end_user_sessions;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends one of the end user's sessions at once.
#[utoipa::path(tag = "my",
    params(("session_id" = String, Path, format = "uuid", description = "The session")), responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/sessions/{session_id}")]
pub(crate) async fn end_my_session(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    session_id: web::Path<EndUserSessionId>,
) -> Result<HttpResponse, ApiError> {
    note.object("end_user", &caller.0.id(), caller.0.name());
    let (who, id) = (caller.0.id(), session_id.into_inner());
    platform.write(move |conn| end_user_sessions::end_session_of(conn, &who, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
