//! `GET /live`: a stream of server-sent events, one an entry of the event log that the caller may hear.

use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use siteward_domain::SiteId;
use siteward_domain::event::EventKind;
use siteward_store::events::Event;
use utoipa::{IntoParams, ToSchema};

use super::feed::{Feed, Heard};
use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LiveQuery {
    /// Only of this site.
    #[param(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
}

/// One change; the data of an event `change`.
#[derive(Serialize, ToSchema)]
pub(crate) struct LiveChange {
    /// What happened, e.g. `health_changed`.
    kind: String,
    /// The site it happened on.
    #[schema(required = true)]
    site_id: Option<String>,
    /// The device it happened to.
    #[schema(required = true)]
    device_id: Option<String>,
    /// When.
    at: DateTime<Utc>,
    /// What more there is to tell, by kind.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// Streams what happens on the sites that the caller may work on, or on one of them. `staff_changed` and
/// `site_managers_changed` without a site say that the caller may see more or less than before.
#[utoipa::path(tag = "live", params(LiveQuery), responses(
    (status = 200, description = "Events `change`", body = LiveChange, content_type = "text/event-stream"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/live")]
pub(crate) async fn stream_live(
    signed_in: SignedIn,
    platform: web::Data<Platform>,
    query: web::Query<LiveQuery>,
) -> Result<HttpResponse, ApiError> {
    let feed = Feed::new(platform, &signed_in.0);
    let site_id = query.into_inner().site_id;
    let frames = stream::unfold((feed, site_id), |(mut feed, site_id)| async move {
        loop {
            match feed.next().await {
                Heard::Event(event) if concerns(&event, site_id.as_ref()) => {
                    return Some((Ok::<_, ApiError>(frame("change", &change(&event))), (feed, site_id)));
                }
                Heard::Event(_) => {}
                Heard::Silence => return Some((Ok(Bytes::from_static(b": still here\n\n")), (feed, site_id))),
                Heard::End => return None,
            }
        }
    });
    Ok(answer(frames))
}

fn concerns(event: &Event, site: Option<&SiteId>) -> bool {
    let of_sight = event.kind == EventKind::SiteManagersChanged && event.site_id.is_none();
    of_sight || site.is_none_or(|site| event.site_id.as_ref() == Some(site))
}

fn change(event: &Event) -> LiveChange {
    LiveChange {
        kind: event.kind.as_str().to_owned(),
        site_id: event.site_id.as_ref().map(ToString::to_string),
        device_id: event.device_id.as_ref().map(ToString::to_string),
        at: event.at,
        data: event.data.clone(),
    }
}

/// One server-sent event.
pub(crate) fn frame(name: &str, data: &impl Serialize) -> Bytes {
    let json = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {name}\ndata: {json}\n\n"))
}

/// The answer that carries a stream: never buffered on its way.
pub(crate) fn answer(frames: impl stream::Stream<Item = Result<Bytes, ApiError>> + 'static) -> HttpResponse {
    HttpResponse::Ok().content_type("text/event-stream").insert_header(("X-Accel-Buffering", "no")).streaming(frames)
}
