//! `POST /webhooks/{webhook_id}/test`: tells the receiver something now, and tells what it answered.

use std::time::Duration;

use actix_web::{post, web};
use serde::Serialize;
use siteward_devices::AddressPolicy;
use siteward_domain::WebhookId;
use siteward_store::{StoreError, webhooks};
use siteward_worker::webhooks::{Receiver, test_body};
use utoipa::ToSchema;

use super::OBJECT;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

const PATIENCE: Duration = Duration::from_secs(10);

/// What a test came to.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookTest {
    /// Whether the receiver took it.
    taken: bool,
    /// Why not: a code as in errors.
    #[schema(required = true)]
    error_code: Option<String>,
    /// What the receiver answered.
    #[schema(required = true)]
    http_status: Option<u16>,
}

/// Tells the receiver an event of the kind `test` now. It is not kept and not tried again.
#[utoipa::path(tag = "webhooks", params(("webhook_id" = String, Path, format = "uuid", description = "The webhook")), responses(
    (status = 200, description = "What came of it", body = WebhookTest),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/webhooks/{webhook_id}/test")]
pub(crate) async fn test_webhook(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<WebhookId>,
) -> Result<web::Json<WebhookTest>, ApiError> {
    let (company, now) = (admin.0.company_id(), platform.clock.now());
    note.object(OBJECT, &*id, "");
    let (asked, of) = (id.clone(), company.clone());
    let webhook = platform.read(move |conn| webhooks::get_webhook(conn, &of, &asked)).await?;
    note.object(OBJECT, &webhook.id, &webhook.name);
    let place = webhooks::secret_place(&company, &webhook.id);
    let secret = platform.store.vault().open(place, &webhook.sealed_secret).map_err(StoreError::from)?;
    let policy = AddressPolicy::from(&platform.settings.devices);
    let answer = match Receiver::parse(&webhook.url, policy) {
        Err(_) => Err((Some("webhook_address_refused".to_owned()), None)),
        Ok(receiver) => {
            let body = test_body(&company, now).bytes();
            let told = receiver.tell(body, (0, now.timestamp()), &secret, policy, PATIENCE).await;
            told.map_err(|error| (Some(error.code.to_owned()), error.status))
        }
    };
    let (taken, error_code, http_status) = match answer {
        Ok(status) => (true, None, Some(status)),
        Err((code, status)) => (false, code, status),
    };
    Ok(web::Json(WebhookTest { taken, error_code, http_status }))
}
