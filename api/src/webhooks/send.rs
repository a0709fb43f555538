//! `POST /webhooks/{webhook_id}/deliveries/{delivery_id}/send`: tells again what was given up.

use actix_web::{post, web};
use siteward_domain::WebhookId;
use siteward_store::{StoreError, webhooks};
use siteward_worker::jobs::deliver_webhook;

use super::OBJECT;
use super::deliveries::WebhookDelivery;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Has an event told again that was given up, for another three days.
#[utoipa::path(tag = "webhooks", params(
    ("webhook_id" = String, Path, format = "uuid", description = "The webhook"),
    ("delivery_id" = i64, Path, description = "The delivery"),
), responses(
    (status = 200, description = "The delivery, which waits now", body = WebhookDelivery),
    (status = 409, description = "It waits or was taken", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/webhooks/{webhook_id}/deliveries/{delivery_id}/send")]
pub(crate) async fn send_delivery(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(WebhookId, i64)>,
) -> Result<web::Json<WebhookDelivery>, ApiError> {
    let (company, now, (id, delivery)) = (admin.0.company_id(), platform.clock.now(), path.into_inner());
    note.object(OBJECT, &id, "");
    let delivery = platform
        .write(move |conn| {
            webhooks::get_webhook(conn, &company, &id)?;
            match webhooks::send_again(conn, &id, delivery, now) {
                Ok(delivery) => {
                    deliver_webhook::hurry(conn, &id, now)?;
                    Ok(Ok(delivery))
                }
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::WEBHOOK_DELIVERY_NOT_DEAD))),
                Err(error) => Err(error),
            }
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(WebhookDelivery::new(delivery, None)))
}
