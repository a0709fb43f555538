//! `GET /my/sessions`: where the end user is signed in.

use actix_web::{get, web};
use siteward_store::end_user_sessions;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::sessions::list::OpenSessions;

/// Lists where the end user is signed in.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "The end user's sessions", body = OpenSessions),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sessions")]
pub(crate) async fn list_my_sessions(
    caller: EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<OpenSessions>, ApiError> {
    let (id, now) = (caller.0.id(), platform.clock.now());
    let found = platform.read(move |conn| end_user_sessions::list_sessions(conn, &id, now)).await?;
    Ok(web::Json(OpenSessions::new(found, &caller.0.record.id)))
}
