//! `GET /link/forward/{link_id}`: another process of this server reaches a link whose session is here.

use actix_web::{HttpRequest, HttpResponse, get, web};
use siteward_domain::LinkId;

use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// The header that carries the signature.
pub(crate) const HEADER: &str = "X-Siteward-Forward";

/// Between the processes of one server: a WebSocket whose streams continue in the session of a link that is held here.
#[utoipa::path(tag = "link agent", security(("process" = [])),
    params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 101, description = "The tunnel"),
    (status = 403, description = "Not signed by a process of this server", body = ErrorBody),
    (status = 404, description = "The session is not held here", body = ErrorBody),
    (status = 426, description = "Not asked for as a WebSocket", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/link/forward/{link_id}")]
pub(crate) async fn forward_link(
    request: HttpRequest,
    platform: web::Data<Platform>,
    id: web::Path<LinkId>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let _ = (request, platform, id, payload);
    Err(ApiError::new(codes::UNAVAILABLE))
}
