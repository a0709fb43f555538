//! `GET /link/forward/{link_id}`: another process of this server reaches a link whose session is here.

use actix_web::{HttpRequest, HttpResponse, get, web};
use siteward_devices::tunnel::Side;
use siteward_domain::LinkId;
use siteward_worker::links::FORWARD_HEADER;

use super::websocket;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Between the processes of one server: a WebSocket whose streams continue in the session of a link that is held here. It
/// ends at once where that is not so.
#[utoipa::path(tag = "link agent", security(("process" = [])),
    params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 101, description = "The tunnel"),
    (status = 403, description = "Not signed by a process of this server", body = ErrorBody),
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
    let tag = request.headers().get(FORWARD_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !platform.hub.knows_tag(&id, tag) {
        return Err(ApiError::new(codes::FORWARD_REFUSED));
    }
    websocket::is_asked_for(&request)?;
    let (answer, mux, inbound) = websocket::open(&request, payload, &platform, Side::Link)?;
    let (hub, id) = (platform.hub.clone(), id.into_inner());
    platform.runtime.spawn(async move { hub.serve_forward(id, mux, inbound).await });
    Ok(answer)
}
