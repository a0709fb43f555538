//! `POST /device_events/{token}`: a device pushes what it has to tell. There is no session: the token in the path says which
//! device it is, and lets it do nothing else.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use siteward_devices::events::read_pushed;
use siteward_store::device_events::{self, Heard};

use super::token;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Things that are read of one push.
const MOST_TOLD: usize = 32;
/// How often it is noted that a device pushed, where it told nothing.
const NOTED_EVERY: chrono::Duration = chrono::Duration::minutes(1);
/// A token has 22 characters; what is far longer is none.
const MOST_TOKEN: usize = 64;

/// Takes what a device tells by itself, as XML, JSON or parts of either kind; what cannot be read is taken and forgotten.
#[utoipa::path(tag = "device events", params(("token" = String, Path, description = "The token of the device")), security(()), responses(
    (status = 200, description = "Heard", body = Object),
    (status = 404, description = "Nobody's token", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/device_events/{token}")]
pub(crate) async fn push_device_events(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    body: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let now = platform.clock.now();
    if token.len() > MOST_TOKEN {
        return Err(ApiError::new(codes::NOT_FOUND));
    }
    let hash = token::hash(&token);
    let found = platform.read(move |conn| device_events::find_listening(conn, &hash)).await?;
    let found = found.ok_or_else(|| ApiError::new(codes::NOT_FOUND))?;
    let device = found.device_id;
    let body = platform.listening.read(body).await?;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kept = platform.listening.keep(&device, read_pushed(content_type, &body, MOST_TOLD));
    let heard: Vec<Heard> =
        kept.signals.into_iter().map(|signal| Heard { device_id: device.clone(), signal, at: now }).collect();
    // Heartbeats come every few seconds, and need not be written down each.
    let is_noted = found.pushed_at.is_some_and(|at| now - at < NOTED_EVERY);
    if is_noted && heard.is_empty() && kept.dropped == 0 {
        return Ok(HttpResponse::Ok().json(serde_json::json!({})));
    }
    platform
        .write(move |conn| {
            device_events::note_pushed(conn, &device, now)?;
            if kept.dropped > 0 {
                device_events::add_dropped(conn, &device, kept.dropped, now)?;
            }
            device_events::take(conn, &heard, now)
        })
        .await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({})))
}
