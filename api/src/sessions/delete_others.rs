//! `DELETE /sessions`: signs out everywhere else.

use actix_web::{HttpResponse, delete, web};
use siteward_store::sessions;

use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends every session of the caller but this one, open event streams too.
#[utoipa::path(tag = "account", responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sessions")]
pub(crate) async fn end_other_sessions(
    signed_in: SignedIn,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<HttpResponse, ApiError> {
    let record = signed_in.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    let ended = platform.write(move |conn| sessions::end_other_sessions(conn, &record.staff_id, &record.id)).await?;
    platform.live.end_sessions(&ended);
    Ok(HttpResponse::NoContent().finish())
}
