//! `POST /webhooks/{webhook_id}/replay`: tells a range of the event log once more.

use actix_web::{post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::WebhookId;
use siteward_store::{StoreError, webhooks};
use siteward_worker::jobs::deliver_webhook;
use utoipa::ToSchema;

use super::OBJECT;
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Which range.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookReplay {
    /// From here on.
    from: DateTime<Utc>,
    /// To before here.
    until: DateTime<Utc>,
}

/// What a replay tells.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookReplayed {
    /// Events that are told once more.
    events: u64,
}

/// Tells what happened in a range of time once more, in order, after what waits already.
#[utoipa::path(tag = "webhooks", request_body = WebhookReplay, params(("webhook_id" = String, Path, format = "uuid", description = "The webhook")), responses(
    (status = 202, description = "They wait to be told", body = WebhookReplayed),
    (status = 422, description = "The range is empty, or holds too many events", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/webhooks/{webhook_id}/replay")]
pub(crate) async fn replay_webhook(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<WebhookId>,
    body: Body<WebhookReplay>,
) -> Result<(web::Json<WebhookReplayed>, actix_web::http::StatusCode), ApiError> {
    let (company, now, range) = (admin.0.company_id(), platform.clock.now(), body.into_inner());
    note.object(OBJECT, &*id, "");
    if range.from >= range.until {
        return Err(ApiError::field(codes::FIELD_INVALID, "until"));
    }
    let events = platform
        .write(move |conn| {
            let webhook = webhooks::get_webhook(conn, &company, &id)?;
            match webhooks::replay(conn, &webhook, range.from, range.until, now) {
                Ok(events) => {
                    deliver_webhook::hurry(conn, &id, now)?;
                    Ok(Ok(events))
                }
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::WEBHOOK_REPLAY_TOO_LONG))),
                Err(error) => Err(error),
            }
        })
        .await??;
    (platform.wake_worker)();
    let answer = web::Json(WebhookReplayed { events: u64::try_from(events).unwrap_or(0) });
    Ok((answer, actix_web::http::StatusCode::ACCEPTED))
}
