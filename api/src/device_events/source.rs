//! `GET /devices/{device_id}/event_source`: how a device is heard.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::DeviceId;
use siteward_store::device_events;
use utoipa::ToSchema;

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::EventStreamState;

/// How a device is heard, beside being polled.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventSource {
    /// Its event stream; null: none is kept open, and the device is polled only.
    #[schema(required = true)]
    stream: Option<EventStreamOfDevice>,
    /// Its listener; null: it may not push.
    #[schema(required = true)]
    listener: Option<EventListener>,
    /// Events that came too fast to be kept.
    dropped: u64,
    /// When that last happened.
    #[schema(required = true)]
    dropped_at: Option<DateTime<Utc>>,
}

/// An event stream.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventStreamOfDevice {
    /// How it fares.
    state: EventStreamState,
    /// Since when.
    since: DateTime<Utc>,
}

/// What a device may push to.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventListener {
    /// When its address was made.
    made_at: DateTime<Utc>,
    /// When the device last pushed; null: not yet.
    #[schema(required = true)]
    pushed_at: Option<DateTime<Utc>>,
}

/// Tells how a device is heard: whether its event stream is open, and whether it pushes.
#[utoipa::path(tag = "device events", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "How it is heard", body = EventSource),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/event_source")]
pub(crate) async fn get_event_source(
    _on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<EventSource>, ApiError> {
    let source = platform.read(move |conn| device_events::find_source(conn, &id)).await?;
    Ok(web::Json(EventSource {
        stream: source.stream.map(|(state, since)| EventStreamOfDevice { state: EventStreamState(state), since }),
        listener: source.token_made_at.map(|made_at| EventListener { made_at, pushed_at: source.pushed_at }),
        dropped: source.dropped,
        dropped_at: source.dropped_at,
    }))
}
