//! `DELETE /my/sessions`: an end user signs out everywhere else.

use actix_web::{HttpResponse, delete, web};
use siteward_store::end_user_sessions;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends every session of the end user but this one.
#[utoipa::path(tag = "my", responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/sessions")]
pub(crate) async fn end_my_other_sessions(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<HttpResponse, ApiError> {
    note.object("end_user", &caller.0.id(), caller.0.name());
    let (who, kept) = (caller.0.id(), caller.0.record.id);
    platform.write(move |conn| end_user_sessions::end_sessions_of(conn, &who, Some(&kept))).await?;
    Ok(HttpResponse::NoContent().finish())
}
