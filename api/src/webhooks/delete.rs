//! `DELETE /webhooks/{webhook_id}`: deletes a webhook.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::WebhookId;
use siteward_store::webhooks;

use super::OBJECT;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Deletes a webhook with what waits for it.
#[utoipa::path(tag = "webhooks", params(("webhook_id" = String, Path, format = "uuid", description = "The webhook")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/webhooks/{webhook_id}")]
pub(crate) async fn delete_webhook(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<WebhookId>,
) -> Result<HttpResponse, ApiError> {
    let company = admin.0.company_id();
    note.object(OBJECT, &*id, "");
    let webhook = platform
        .write(move |conn| {
            let webhook = webhooks::get_webhook(conn, &company, &id)?;
            webhooks::delete_webhook(conn, &company, &id)?;
            Ok(webhook)
        })
        .await?;
    note.object(OBJECT, &webhook.id, &webhook.name);
    Ok(HttpResponse::NoContent().finish())
}
