//! `GET /webhooks/{webhook_id}/deliveries`: what was told, waits, or was given up.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::WebhookId;
use siteward_store::events::Event;
use siteward_store::webhooks::{self, Delivery};
use utoipa::{IntoParams, ToSchema};

use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::{DeliveryState, EventKind};

/// Which deliveries, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// Only those in this state.
    state: Option<DeliveryState>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Deliveries wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// An event told to a webhook.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookDelivery {
    /// Its number.
    id: i64,
    /// The number of the event, which the receiver is told as its id.
    event_id: i64,
    /// What happened; null where the log does not hold it any more.
    #[schema(required = true)]
    kind: Option<EventKind>,
    /// When it happened.
    #[schema(required = true)]
    at: Option<DateTime<Utc>>,
    /// 0, or which replay it belongs to.
    again: u32,
    /// Where it stands.
    state: DeliveryState,
    /// How often it was tried.
    attempts: u32,
    /// Why the last try failed: a code as in errors.
    #[schema(required = true)]
    error_code: Option<String>,
    /// What the receiver answered last.
    #[schema(required = true)]
    http_status: Option<u16>,
    /// When it was taken or given up.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

impl WebhookDelivery {
    pub(super) fn new(delivery: Delivery, event: Option<&Event>) -> Self {
        Self {
            id: delivery.id,
            event_id: delivery.event_seq,
            kind: event.map(|event| EventKind(event.kind)),
            at: event.map(|event| event.at),
            again: delivery.again,
            state: DeliveryState(delivery.state),
            attempts: delivery.attempts,
            error_code: delivery.error_code,
            http_status: delivery.http_status,
            ended_at: delivery.ended_at,
        }
    }
}

/// A page of deliveries.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryPage {
    /// The deliveries, newest first.
    #[schema(max_items = 100)]
    items: Vec<WebhookDelivery>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what a webhook was told, newest first.
#[utoipa::path(tag = "webhooks", params(("webhook_id" = String, Path, format = "uuid", description = "The webhook"), DeliveryQuery), responses(
    (status = 200, description = "A page of deliveries", body = DeliveryPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/webhooks/{webhook_id}/deliveries")]
pub(crate) async fn list_deliveries(
    admin: Admin,
    platform: web::Data<Platform>,
    id: web::Path<WebhookId>,
    query: web::Query<DeliveryQuery>,
) -> Result<web::Json<DeliveryPage>, ApiError> {
    let (company, query) = (admin.0.company_id(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let state = query.state.map(|state| state.0);
    let found = platform
        .read(move |conn| {
            webhooks::get_webhook(conn, &company, &id)?;
            webhooks::list_deliveries(conn, &id, state, query.cursor.as_deref(), limit)
        })
        .await?;
    let items = found.items.into_iter().map(|(delivery, event)| WebhookDelivery::new(delivery, event.as_ref()));
    Ok(web::Json(DeliveryPage { items: items.collect(), next_cursor: found.next_cursor }))
}
