//! `POST /webhooks/{webhook_id}/secret`: another key of the signatures.

use actix_web::{post, web};
use secrecy::ExposeSecret as _;
use siteward_domain::WebhookId;
use siteward_store::webhooks::{self, WebhookChange};
use siteward_worker::jobs::deliver_webhook;

use super::{OBJECT, WebhookWithSecret, secret};
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Makes another key of the signatures; the one before signs nothing any more. It is in this answer only.
#[utoipa::path(tag = "webhooks", params(("webhook_id" = String, Path, format = "uuid", description = "The webhook")), responses(
    (status = 200, description = "The webhook with its new key", body = WebhookWithSecret),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/webhooks/{webhook_id}/secret")]
pub(crate) async fn renew_webhook_secret(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<WebhookId>,
) -> Result<web::Json<WebhookWithSecret>, ApiError> {
    let (company, now) = (admin.0.company_id(), platform.clock.now());
    note.object(OBJECT, &*id, "");
    let (secret, sealed) = secret(&platform, &company, &id)?;
    let change = WebhookChange { sealed_secret: Some(sealed), ..WebhookChange::default() };
    let webhook = platform
        .write(move |conn| {
            let webhook = webhooks::update_webhook(conn, &company, &id, &change)?;
            deliver_webhook::hurry(conn, &id, now)?;
            Ok(webhook)
        })
        .await?;
    note.object(OBJECT, &webhook.id, &webhook.name);
    (platform.wake_worker)();
    Ok(web::Json(WebhookWithSecret { webhook: webhook.into(), secret: secret.expose_secret().to_owned() }))
}
