//! `GET /live`: a stream of server-sent events, one an entry of the event log of the caller's company.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use siteward_domain::{CompanyId, SessionId, SiteId};
use siteward_store::{events::Event, sessions};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, interval};
use utoipa::{IntoParams, ToSchema};

use super::News;
use crate::access::SignedIn;
use crate::access::session::Caller;
use crate::access::token;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// How often a stream looks whether its session is still good (T15: all ends within a second).
const SESSION_CHECK: Duration = Duration::from_millis(750);
/// After so many checks a comment is sent, so that proxies keep the stream open.
const CHECKS_A_HEARTBEAT: u32 = 20;

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

/// Streams what happens in the company, or on one site.
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
                Heard::Event(event) if concerns(&event, &feed.company_id, site_id.as_ref()) => {
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

fn concerns(event: &Event, company: &CompanyId, site: Option<&SiteId>) -> bool {
    event.company_id == *company && site.is_none_or(|site| event.site_id.as_ref() == Some(site))
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

/// What a stream hears next.
pub(crate) enum Heard {
    /// Something happened, maybe elsewhere.
    Event(std::sync::Arc<Event>),
    /// Nothing for a while: time for a heartbeat.
    Silence,
    /// The session ended, the server stops, or this stream was too slow: the browser connects again.
    End,
}

/// A stream's ear: events, heartbeats, and the end of its session.
pub(crate) struct Feed {
    platform: web::Data<Platform>,
    pub(crate) company_id: CompanyId,
    session_id: SessionId,
    token_hash: String,
    news: broadcast::Receiver<News>,
    checks: Interval,
    checked: u32,
}

impl Feed {
    pub(crate) fn new(platform: web::Data<Platform>, caller: &Caller) -> Self {
        Self {
            news: platform.live.subscribe(),
            company_id: caller.company_id(),
            session_id: caller.record.id.clone(),
            token_hash: token::hash(&caller.token),
            checks: interval(SESSION_CHECK),
            checked: 0,
            platform,
        }
    }

    /// Waits for what comes next.
    pub(crate) async fn next(&mut self) -> Heard {
        loop {
            tokio::select! {
                news = self.news.recv() => match news {
                    Ok(News::Event(event)) => return Heard::Event(event),
                    Ok(News::SessionEnded(id)) if id == self.session_id => return Heard::End,
                    Ok(News::SessionEnded(_)) => {}
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return Heard::End,
                },
                _ = self.checks.tick() => {
                    if !self.session_is_good().await {
                        return Heard::End;
                    }
                    self.checked += 1;
                    if self.checked % CHECKS_A_HEARTBEAT == 1 {
                        return Heard::Silence;
                    }
                }
            }
        }
    }

    /// Forgets what was heard meanwhile: the caller looks afresh.
    pub(crate) fn skip_heard(&mut self) {
        while let Ok(News::Event(_)) | Err(broadcast::error::TryRecvError::Lagged(_)) = self.news.try_recv() {}
    }

    /// A database that is away just now ends no stream.
    async fn session_is_good(&self) -> bool {
        let (hash, now) = (self.token_hash.clone(), self.platform.clock.now());
        let found = self.platform.read(move |conn| sessions::find_session(conn, &hash, now)).await;
        found.map_or(true, |record| record.is_some_and(|record| !record.two_factor_enrolment_needed))
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
