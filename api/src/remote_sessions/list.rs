//! `GET /remote_sessions`: one's own open sessions of remote configuration.

use actix_web::{get, web};

use super::RemoteSessionList;
use crate::access::May;
use crate::access::rights::RemoteConfiguration;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Lists one's own open sessions.
#[utoipa::path(tag = "remote configuration", responses(
    (status = 200, description = "The sessions", body = RemoteSessionList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/remote_sessions")]
pub(crate) async fn list_remote_sessions(
    may: May<RemoteConfiguration>,
    platform: web::Data<Platform>,
) -> Result<web::Json<RemoteSessionList>, ApiError> {
    let _ = (may, platform);
    Err(ApiError::new(codes::UNAVAILABLE))
}
