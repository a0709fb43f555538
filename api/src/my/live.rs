//! `GET /my/live`: a stream of server-sent events, one whenever something happened on a site of the end user, or with what others share with them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_domain::event::EventKind;
use siteward_store::end_user_sessions;
use siteward_store::events::Event;
use siteward_store::owning::Owning;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, interval};
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::access::end_user::EndUserCaller;
use crate::access::token;
use crate::error::{ApiError, ErrorBody};
use crate::live::News;
use crate::live::stream::{answer, frame};
use crate::platform::Platform;

/// How often a stream looks whether its session is still good, and which sites are its person's (T15).
const CHECK: Duration = Duration::from_millis(750);
/// After so many checks a comment is sent, so that proxies keep the stream open.
const CHECKS_A_HEARTBEAT: u32 = 20;

/// One change; the data of an event `change`. What changed is asked for by whoever hears of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyChange {
    /// What happened, e.g. `health_changed`; `sites_changed`: the list of one's own sites is another now.
    kind: String,
    /// The site it happened on.
    #[schema(required = true)]
    site_id: Option<String>,
    /// The device it happened to.
    #[schema(required = true)]
    device_id: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// Streams what happens on the sites that the end user owns, and what changes of what others share with them or offer them. Of the latter neither
/// site nor device is named.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "Events `change`", body = MyChange, content_type = "text/event-stream"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/live")]
pub(crate) async fn stream_my_live(end_user: EndUser, platform: web::Data<Platform>) -> Result<HttpResponse, ApiError> {
    let ear = Ear::new(platform, &end_user.0);
    Ok(answer(stream::unfold(ear, |mut ear| async move { ear.next().await.map(|frame| (Ok(frame), ear)) })))
}

/// The ear of an open stream.
struct Ear {
    platform: web::Data<Platform>,
    owning: Owning,
    token_hash: String,
    news: broadcast::Receiver<News>,
    checks: Interval,
    checked: u32,
    /// The sites; none until they are read.
    sites: Option<HashSet<SiteId>>,
}

impl Ear {
    fn new(platform: web::Data<Platform>, caller: &EndUserCaller) -> Self {
        Self {
            news: platform.live.subscribe(),
            owning: caller.owning(),
            token_hash: token::hash(&caller.token),
            checks: interval(CHECK),
            checked: 0,
            sites: None,
            platform,
        }
    }

    /// Waits for what is to be sent next; `None`: the stream ends, and the browser connects again.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            tokio::select! {
                biased;
                _ = self.checks.tick() => match self.check().await {
                    Checked::Nothing => {}
                    Checked::Tell(frame) => return Some(frame),
                    Checked::End => return None,
                },
                news = self.news.recv() => match news {
                    Ok(News::Event(event)) if self.hears(&event) => return Some(change(&event)),
                    Ok(News::Concerns(event, whom)) if whom.contains(&self.owning.end_user) => {
                        return Some(frame("change", &own(event.kind.as_str(), event.at)));
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
                },
            }
        }
    }

    fn hears(&self, event: &Arc<Event>) -> bool {
        // What a device tells comes often, and changes nothing of what its owner sees.
        let is_shown = event.kind != EventKind::DeviceEvent;
        is_shown && event.site_id.as_ref().is_some_and(|site| self.sites.as_ref().is_some_and(|own| own.contains(site)))
    }

    /// Whether the session is good, and which sites are the person's. A database that is away just now ends no stream.
    async fn check(&mut self) -> Checked {
        let (hash, owning, now) = (self.token_hash.clone(), self.owning.clone(), self.platform.clock.now());
        let read = self.platform.read(move |conn| match end_user_sessions::find_session(conn, &hash, now)? {
            Some(_) => owning.sites(conn).map(Some),
            None => Ok(None),
        });
        match read.await {
            Ok(None) => return Checked::End,
            Ok(Some(sites)) => {
                let sites: HashSet<SiteId> = sites.into_iter().collect();
                if self.sites.replace(sites.clone()).is_some_and(|before| before != sites) {
                    return Checked::Tell(frame("change", &own("sites_changed", now)));
                }
            }
            Err(_) => {}
        }
        self.checked += 1;
        let silent = self.checked % CHECKS_A_HEARTBEAT == 1;
        if silent { Checked::Tell(Bytes::from_static(b": still here\n\n")) } else { Checked::Nothing }
    }
}

/// What a check found.
enum Checked {
    Nothing,
    Tell(Bytes),
    End,
}

fn change(event: &Event) -> Bytes {
    let change = MyChange {
        kind: event.kind.as_str().to_owned(),
        site_id: event.site_id.as_ref().map(ToString::to_string),
        device_id: event.device_id.as_ref().map(ToString::to_string),
        at: event.at,
    };
    frame("change", &change)
}

fn own(kind: &str, at: DateTime<Utc>) -> MyChange {
    MyChange { kind: kind.to_owned(), site_id: None, device_id: None, at }
}
