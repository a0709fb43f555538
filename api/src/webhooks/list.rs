//! `GET /webhooks`: the company's webhooks.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::webhooks;
use utoipa::ToSchema;

use super::Webhook;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The webhooks of a company.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookList {
    /// The webhooks, oldest first.
    #[schema(max_items = 20)]
    items: Vec<Webhook>,
}

/// Lists the company's webhooks, oldest first.
#[utoipa::path(tag = "webhooks", responses(
    (status = 200, description = "The webhooks", body = WebhookList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/webhooks")]
pub(crate) async fn list_webhooks(
    admin: Admin,
    platform: web::Data<Platform>,
) -> Result<web::Json<WebhookList>, ApiError> {
    let company = admin.0.company_id();
    let found = platform.read(move |conn| webhooks::list_webhooks(conn, &company)).await?;
    Ok(web::Json(WebhookList { items: found.into_iter().map(Webhook::from).collect() }))
}
