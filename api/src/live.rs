//! What happens, as it happens: the event log followed once a process and handed to every open stream, each of which
//! tells its person what they may hear.

mod audience;
pub(crate) mod feed;
pub(crate) mod stream;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_domain::event::EventKind;
use siteward_domain::{DeviceId, EndUserId, SessionId, SiteId};
use siteward_store::events::{self, Event, NewEvent};
use siteward_store::shares;
use siteward_store::{Store, StoreError};
use tokio::sync::broadcast;

use crate::access::session::Caller;
use crate::platform::off_thread;

/// How often the log is asked for news.
const PERIOD: Duration = Duration::from_millis(300);
/// Events read at once.
const BATCH: u32 = 500;
/// Events kept for a stream that is slow; a slower one is cut off and connects again.
const KEPT: usize = 4096;

/// What open streams hear.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// Something happened.
    Event(Arc<Event>),
    /// The event before concerns these end users, who do not own the site.
    Concerns(Arc<Event>, Arc<[EndUserId]>),
    /// A session ended here: its streams end.
    SessionEnded(SessionId),
}

/// The hub of open streams. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Live(broadcast::Sender<News>);

impl Live {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(KEPT).0)
    }

    /// Hears everything from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<News> {
        self.0.subscribe()
    }

    /// Ends the streams of a session.
    pub(crate) fn end_session(&self, id: &SessionId) {
        // Nobody listening is fine.
        let _ = self.0.send(News::SessionEnded(id.clone()));
    }

    /// Ends the streams of sessions.
    pub(crate) fn end_sessions(&self, ids: &[SessionId]) {
        for id in ids {
            self.end_session(id);
        }
    }

    /// Follows the event log for ever; the caller drops it at shutdown.
    pub(crate) async fn follow(self, store: Store) {
        let mut seen: Option<i64> = None;
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // While nobody listens only the place is kept: whoever begins to listen must hear all from then on.
            let nobody_listened = self.0.receiver_count() == 0;
            let after = seen.filter(|_| !nobody_listened);
            let store = store.clone();
            let read = off_thread(move || {
                store.read(|conn| match after {
                    None => Ok((events::last_seq(conn)?, Vec::new())),
                    Some(after) => {
                        let news = events::after(conn, None, after, BATCH)?;
                        let last = news.last().map_or(after, |event| event.seq);
                        let heard = news.into_iter().map(|event| {
                            // Whom it concerns is looked up once, not by every stream.
                            let concerned = shares::concerned(conn, &event)?;
                            Ok((event, concerned))
                        });
                        Ok((last, heard.collect::<Result<Vec<_>, StoreError>>()?))
                    }
                })
            })
            .await;
            match read {
                // Somebody began to listen during this look: the next one tells what they may have missed.
                Ok(Ok(_)) if nobody_listened && seen.is_some() && self.0.receiver_count() > 0 => {}
                Ok(Ok((last, news))) => {
                    seen = Some(last);
                    for (event, concerned) in news {
                        let event = Arc::new(event);
                        let _ = self.0.send(News::Event(event.clone()));
                        if !concerned.is_empty() {
                            let _ = self.0.send(News::Concerns(event, concerned.into()));
                        }
                    }
                }
                Ok(Err(error)) => tracing::warn!(error = %error, "the event log cannot be read; trying on"),
                Err(error) => tracing::error!(cause = error.cause(), "the event log cannot be followed"),
            }
        }
    }
}

/// The event of something done to a site.
pub(crate) fn site_event(kind: EventKind, caller: &Caller, site: &SiteId, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: caller.company_id(),
        site_id: Some(site.clone()),
        device_id: None,
        kind,
        actor: format!("staff:{}", caller.record.staff_id),
        at: now,
        data: serde_json::json!({}),
    }
}

/// The event of something done to a device.
pub(crate) fn device_event(
    kind: EventKind,
    caller: &Caller,
    site: &SiteId,
    device: &DeviceId,
    now: DateTime<Utc>,
) -> NewEvent {
    NewEvent { device_id: Some(device.clone()), ..site_event(kind, caller, site, now) }
}
