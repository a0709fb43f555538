//! `GET /link/session`: the one connection of an agent, a WebSocket with the tunnel inside.

use actix_web::{HttpRequest, HttpResponse, get, web};

use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Opens the agent's session: a WebSocket whose binary messages carry the tunnel. A newer session ends an older one.
#[utoipa::path(tag = "link agent", security(("link" = [])), responses(
    (status = 101, description = "The tunnel"),
    (status = 401, description = "No link has this token", body = ErrorBody),
    (status = 410, description = "The link is revoked", body = ErrorBody),
    (status = 426, description = "Not asked for as a WebSocket", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/link/session")]
pub(crate) async fn open_link_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let _ = (request, platform, payload);
    Err(ApiError::new(codes::UNAVAILABLE))
}
