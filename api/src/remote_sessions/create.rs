//! `POST /devices/{device_id}/remote_sessions`: opens a device's own web pages.

use actix_web::{HttpResponse, post, web};
use siteward_domain::DeviceId;

use super::RemoteSession;
use crate::access::May;
use crate::access::rights::RemoteConfiguration;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Opens a session of remote configuration. The device's login stays on the server.
#[utoipa::path(tag = "remote configuration", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 201, description = "Open its url", body = RemoteSession),
    (status = 409, description = "The server has no domain for it, or the site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/remote_sessions")]
pub(crate) async fn create_remote_session(
    may: May<RemoteConfiguration>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let _ = (may, platform, note, id);
    Err(ApiError::new(codes::UNAVAILABLE))
}
