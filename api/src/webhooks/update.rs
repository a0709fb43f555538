//! `PATCH /webhooks/{webhook_id}`: changes a webhook, or switches it off and on.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::WebhookId;
use siteward_store::webhooks::{self, WebhookChange};
use siteward_worker::jobs::deliver_webhook;
use utoipa::ToSchema;

use super::{OBJECT, Webhook, kinds, name, url};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::EventKind;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookUpdate {
    /// Its name.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// Where it is sent to.
    #[schema(min_length = 8, max_length = 2048)]
    url: Option<String>,
    /// The kinds of events that are told; none: all.
    #[schema(max_items = 100)]
    kinds: Option<Vec<EventKind>>,
    /// Whether anything is told. What happens while it is off is told by a replay only.
    enabled: Option<bool>,
}

/// Changes a webhook. What waits is tried at once.
#[utoipa::path(tag = "webhooks", request_body = WebhookUpdate, params(("webhook_id" = String, Path, format = "uuid", description = "The webhook")), responses(
    (status = 200, description = "The webhook as it is now", body = Webhook),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/webhooks/{webhook_id}")]
pub(crate) async fn update_webhook(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<WebhookId>,
    body: Body<WebhookUpdate>,
) -> Result<web::Json<Webhook>, ApiError> {
    let (company, now, body) = (admin.0.company_id(), platform.clock.now(), body.into_inner());
    note.object(OBJECT, &*id, "");
    let change = WebhookChange {
        name: body.name.as_deref().map(name).transpose()?,
        url: body.url.as_deref().map(|text| url(&platform, text)).transpose()?,
        kinds: body.kinds.map(kinds),
        enabled: body.enabled,
        sealed_secret: None,
    };
    let webhook = platform
        .write(move |conn| {
            let webhook = webhooks::update_webhook(conn, &company, &id, &change)?;
            deliver_webhook::hurry(conn, &id, now)?;
            Ok(webhook)
        })
        .await?;
    note.object(OBJECT, &webhook.id, &webhook.name);
    (platform.wake_worker)();
    Ok(web::Json(webhook.into()))
}
