//! `DELETE /sessions/{session_id}`: signs out somewhere else.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::SessionId;
use siteward_store::sessions;

use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends one of the caller's sessions at once, open event streams of it too.
#[utoipa::path(tag = "account",
    params(("session_id" = String, Path, format = "uuid", description = "The session")), responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sessions/{session_id}")]
pub(crate) async fn end_session(
    signed_in: SignedIn,
    platform: web::Data<Platform>,
    note: Note,
    session_id: web::Path<SessionId>,
) -> Result<HttpResponse, ApiError> {
    let record = signed_in.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    let (staff, id) = (record.staff_id, session_id.into_inner());
    let ended = id.clone();
    platform.write(move |conn| sessions::end_session_of(conn, &staff, &id)).await?;
    platform.live.end_session(&ended);
    Ok(HttpResponse::NoContent().finish())
}
