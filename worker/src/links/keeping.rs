//! Keeps the rows of the sessions held here fresh, ends what was revoked or taken over, and notices processes that died.

use std::sync::Weak;
use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_domain::LinkId;
use siteward_store::links;
use tokio::time::MissedTickBehavior;

use super::{Inner, LinkHub};

/// How often sessions are compared with their rows: a revoked link is out within a second.
const TURN: Duration = Duration::from_millis(500);
/// Turns between two that write. The others only read, so that a process with idle links leaves the database alone.
const WRITE_EVERY: u32 = 10;
/// A session that its process said nothing of for so long is over; rows are written when they are five seconds old.
const HOLDER_DEAD_AFTER: chrono::Duration = chrono::Duration::seconds(20);

/// Runs until the hub is dropped.
pub(super) async fn keep(hub: Weak<Inner>) {
    let mut turns = tokio::time::interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut turn = 0_u32;
    loop {
        turns.tick().await;
        let Some(inner) = hub.upgrade() else { return };
        let hub = LinkHub(inner);
        let writes = turn.is_multiple_of(WRITE_EVERY);
        hub.touch(writes).await;
        if writes {
            hub.expire().await;
            hub.close_unused();
            hub.forget_answers();
        }
        turn = turn.wrapping_add(1);
    }
}

impl LinkHub {
    async fn touch(&self, writes: bool) {
        let sessions: Vec<(LinkId, String)> =
            self.held().iter().map(|(link, held)| (link.clone(), held.session.clone())).collect();
        if sessions.is_empty() {
            return;
        }
        let (asked, now) = (sessions.clone(), self.0.clock.now());
        let lost = self
            .with_store(move |store| {
                if writes {
                    store.write_relaxed(|conn| links::touch_sessions(conn, &asked, now))
                } else {
                    // As of the beginning of time no row is old enough to be written.
                    store.read(|conn| links::touch_sessions(conn, &asked, DateTime::<Utc>::UNIX_EPOCH))
                }
            })
            .await;
        match lost {
            Ok(lost) => {
                for (link, session) in sessions.iter().filter(|(link, _)| lost.contains(link)) {
                    self.end_session(link, session);
                }
            }
            Err(error) => tracing::warn!(%error, "sessions of links could not be kept fresh"),
        }
    }

    async fn expire(&self) {
        let now = self.0.clock.now();
        let expired = self
            .with_store(move |store| store.write(|conn| links::expire_holders(conn, now - HOLDER_DEAD_AFTER, now)))
            .await;
        if let Err(error) = expired {
            tracing::warn!(%error, "sessions of dead processes could not be ended");
        }
    }
}
