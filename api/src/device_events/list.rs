//! `GET /device_events`: what devices told by themselves, newest first.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::{DeviceId, SiteId};
use siteward_store::device_events::{self, DeviceEventFilter, ListedDeviceEvent};
use utoipa::{IntoParams, ToSchema};

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::DeviceEventKind;

/// Which events, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeviceEventQuery {
    /// Only of devices of this site.
    #[param(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
    /// Only of this device.
    #[param(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// Only of this kind.
    kind: Option<DeviceEventKind>,
    /// Only of this channel, zone or door.
    #[param(maximum = 65535)]
    channel: Option<u16>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Events wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Something that a device told by itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceEvent {
    /// Its number; rises in the order in which events became known.
    seq: i64,
    /// The device's site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// The device's name.
    device_name: String,
    /// What it is about.
    kind: DeviceEventKind,
    /// The channel, zone or door; null: the device itself.
    #[schema(required = true, maximum = 65535)]
    channel: Option<u32>,
    /// What the device calls it.
    #[schema(max_length = 64)]
    word: String,
    /// When the platform first heard of it.
    at: DateTime<Utc>,
    /// When it ended; null while it lasts.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

/// A page of events.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceEventPage {
    /// The events, newest first.
    #[schema(max_items = 100)]
    items: Vec<DeviceEvent>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what devices on sites that the caller may work on told by themselves, newest first.
#[utoipa::path(tag = "device events", params(DeviceEventQuery), responses(
    (status = 200, description = "A page of events", body = DeviceEventPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/device_events")]
pub(crate) async fn list_device_events(
    on: OnSites,
    platform: web::Data<Platform>,
    query: web::Query<DeviceEventQuery>,
) -> Result<web::Json<DeviceEventPage>, ApiError> {
    let (reach, query) = (on.reach(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let filter = DeviceEventFilter {
        site_id: query.site_id,
        device_id: query.device_id,
        kind: query.kind.map(|kind| kind.0),
        channel: query.channel.map(u32::from),
    };
    let found =
        platform.read(move |conn| device_events::list(conn, &reach, &filter, query.cursor.as_deref(), limit)).await?;
    let items = found.items.into_iter().map(DeviceEvent::from).collect();
    Ok(web::Json(DeviceEventPage { items, next_cursor: found.next_cursor }))
}

impl From<ListedDeviceEvent> for DeviceEvent {
    fn from(listed: ListedDeviceEvent) -> Self {
        let event = listed.event;
        Self {
            seq: event.seq,
            site_id: event.site_id.to_string(),
            site_name: listed.site_name,
            device_id: event.device_id.to_string(),
            device_name: listed.device_name,
            kind: DeviceEventKind(event.kind),
            channel: event.channel,
            word: event.word,
            at: event.at,
            ended_at: event.ended_at,
        }
    }
}
