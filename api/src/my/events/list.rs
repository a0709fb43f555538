//! `GET /my/events`: what devices told, newest first.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::DeviceId;
use siteward_store::DbConn;
use siteward_store::end_user_events::{self, HeardEvent};
use utoipa::{IntoParams, ToSchema};

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::DeviceEventKind;

/// Which events, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MyEventQuery {
    /// Only of this device.
    #[param(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Events wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Something that a device told by itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyEvent {
    /// Its number; rises in the order in which events became known.
    seq: i64,
    /// The name of the device's site.
    site_name: String,
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// The device's name; may be empty.
    device_name: String,
    /// Whether the device is the end user's own; otherwise it is shared with them.
    own: bool,
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
pub(crate) struct MyEventPage {
    /// The events, newest first.
    #[schema(max_items = 100)]
    items: Vec<MyEvent>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what the end user's devices told, and what is shared with them with its alarms, newest first.
#[utoipa::path(tag = "my", params(MyEventQuery), responses(
    (status = 200, description = "A page of events", body = MyEventPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/events")]
pub(crate) async fn list_my_events(
    caller: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<MyEventQuery>,
) -> Result<web::Json<MyEventPage>, ApiError> {
    let (who, query) = (caller.0.id(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let reader = who.clone();
    let listed = platform.read(move |conn| {
        let found = end_user_events::list(conn, &reader, query.device_id.as_ref(), query.cursor.as_deref(), limit)?;
        let first = end_user_events::first_uses(conn, &reader, &found.items)?;
        Ok((found, first))
    });
    let (found, first) = listed.await?;
    // Nearly every use is a further one, which writes nothing.
    if !first.is_empty() {
        let now = platform.clock.now();
        let note = move |conn: &mut DbConn| {
            first.iter().try_for_each(|(device, channel)| end_user_events::note_use(conn, &who, device, *channel, now))
        };
        platform.write(note).await?;
    }
    let items = found.items.into_iter().map(MyEvent::from).collect();
    Ok(web::Json(MyEventPage { items, next_cursor: found.next_cursor }))
}

impl From<HeardEvent> for MyEvent {
    fn from(heard: HeardEvent) -> Self {
        let event = heard.event;
        Self {
            seq: event.seq,
            site_name: heard.site_name,
            device_id: event.device_id.to_string(),
            device_name: heard.device_name,
            own: heard.own,
            kind: DeviceEventKind(event.kind),
            channel: event.channel,
            word: event.word,
            at: event.at,
            ended_at: event.ended_at,
        }
    }
}
