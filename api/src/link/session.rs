//! `GET /link/session`: the one connection of an agent, a WebSocket with the tunnel inside.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, get, web};
use siteward_devices::tunnel::Side;
use siteward_store::links::{self, Token};

use super::websocket;
use crate::access::token;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::address_of;
use crate::platform::Platform;
use crate::session::guessing;

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
    let token = bearer(&request).ok_or_else(|| ApiError::new(codes::LINK_TOKEN_WRONG))?;
    let hash = token::hash(token);
    let link = match platform.read(move |conn| links::find_by_token(conn, &hash)).await? {
        Token::Good(link) => link,
        Token::Revoked => return Err(ApiError::new(codes::LINK_REVOKED)),
        Token::Wrong => return Err(ApiError::new(codes::LINK_TOKEN_WRONG)),
    };
    websocket::is_asked_for(&request)?;
    let (id, from) = (link.id.clone(), guessing::address_key(&address_of(&request, &platform)));
    platform.write(move |conn| links::note_address(conn, &id, &from)).await?;
    let (answer, mux, inbound) = websocket::open(&request, payload, &platform, Side::Platform)?;
    let hub = platform.hub.clone();
    platform.runtime.spawn(async move { hub.attach(link, mux, inbound).await });
    Ok(answer)
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}
