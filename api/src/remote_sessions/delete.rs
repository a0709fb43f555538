//! `DELETE /remote_sessions/{remote_session_id}`: ends a session of remote configuration.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::RemoteSessionId;
use siteward_store::remote_sessions;

use crate::access::OnSites;
use crate::access::rights::RemoteConfiguration;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends one's own session at once.
#[utoipa::path(tag = "remote configuration", params(("remote_session_id" = String, Path, format = "uuid", description = "The session")), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/remote_sessions/{remote_session_id}")]
pub(crate) async fn delete_remote_session(
    on: OnSites<RemoteConfiguration>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<RemoteSessionId>,
) -> Result<HttpResponse, ApiError> {
    let (now, caller, id) = (platform.clock.now(), on.caller().clone(), id.into_inner());
    note.object("remote_session", &id, "");
    let of_id = id.clone();
    platform
        .write(move |conn| remote_sessions::close(conn, &caller.company_id(), &caller.staff_id(), &of_id, now))
        .await?;
    platform.remote_pools.end(&id);
    Ok(HttpResponse::NoContent().finish())
}
