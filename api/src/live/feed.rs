//! The ear of an open stream: what its person may hear of the event log, heartbeats, and the end of its session.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use chrono::{DateTime, Utc};
use siteward_domain::SessionId;
use siteward_store::events::Event;
use siteward_store::reach::Reach;
use siteward_store::sessions;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, interval};

use super::News;
use super::audience::Audience;
use crate::access::session::Caller;
use crate::access::token;
use crate::platform::Platform;

/// How often a stream looks whether its session is still good (T15: all ends within a second).
const SESSION_CHECK: Duration = Duration::from_millis(750);
/// After so many checks a comment is sent, so that proxies keep the stream open.
const CHECKS_A_HEARTBEAT: u32 = 20;

/// What a stream hears next.
pub(crate) enum Heard {
    /// Something happened that the person may hear of.
    Event(Arc<Event>),
    /// Nothing for a while: time for a heartbeat.
    Silence,
    /// The session ended, the server stops, or this stream was too slow: the browser connects again.
    End,
}

/// A stream's ear.
pub(crate) struct Feed {
    platform: web::Data<Platform>,
    audience: Audience,
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
            audience: Audience::new(&caller.record),
            session_id: caller.record.id.clone(),
            token_hash: token::hash(&caller.token),
            checks: interval(SESSION_CHECK),
            checked: 0,
            platform,
        }
    }

    /// What the person may work on at `now`.
    pub(crate) fn reach(&self, now: DateTime<Utc>) -> Option<Reach> {
        self.audience.reach(now)
    }

    /// Waits for what comes next.
    pub(crate) async fn next(&mut self) -> Heard {
        loop {
            tokio::select! {
                news = self.news.recv() => match news {
                    Ok(News::Event(event)) => match self.audience.hears(&self.platform, event).await {
                        Ok(Some(event)) => return Heard::Event(event),
                        Ok(None) => {}
                        // What nobody can tell whether they may hear ends the stream, so that nothing is missed in silence.
                        Err(_) => return Heard::End,
                    },
                    Ok(News::SessionEnded(id)) if id == self.session_id => return Heard::End,
                    Ok(News::SessionEnded(_) | News::Concerns(..)) => {}
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return Heard::End,
                },
                _ = self.checks.tick() => {
                    if let Some(heard) = self.check().await {
                        return heard;
                    }
                }
            }
        }
    }

    /// Forgets what was heard meanwhile: the caller looks afresh.
    pub(crate) fn skip_heard(&mut self) {
        while let Ok(News::Event(_) | News::Concerns(..)) | Err(broadcast::error::TryRecvError::Lagged(_)) =
            self.news.try_recv()
        {}
    }

    /// Whether the session is good, and what its person may see. A database that is away just now ends no stream.
    async fn check(&mut self) -> Option<Heard> {
        let (hash, now) = (self.token_hash.clone(), self.platform.clock.now());
        match self.platform.read(move |conn| sessions::find_session(conn, &hash, now)).await {
            Ok(None) => return Some(Heard::End),
            Ok(Some(record)) if record.two_factor_enrolment_needed => return Some(Heard::End),
            Ok(Some(record)) => {
                if let Some(told) = self.audience.learn(&record, now) {
                    return Some(Heard::Event(told));
                }
                let _ = self.audience.prepare(&self.platform).await;
            }
            Err(_) => {}
        }
        self.checked += 1;
        (self.checked % CHECKS_A_HEARTBEAT == 1).then_some(Heard::Silence)
    }
}
