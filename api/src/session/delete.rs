//! `DELETE /session`: signs out.

use actix_web::{HttpRequest, HttpResponse, delete, web};
use siteward_store::sessions;

use crate::access::Enrolling;
use crate::access::session::{Kind, forgotten_cookie};
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Signs out: the session ends at once, open event streams of it too.
#[utoipa::path(tag = "session", responses(
    (status = 204, description = "Signed out"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/session")]
pub(crate) async fn delete_session(
    signed_in: Enrolling,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<HttpResponse, ApiError> {
    let record = signed_in.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    let id = record.id.clone();
    platform.write(move |conn| sessions::end_session(conn, &id)).await?;
    platform.live.end_session(&record.id);
    Ok(HttpResponse::NoContent().cookie(forgotten_cookie(&request, Kind::Staff, platform.is_secure())).finish())
}
