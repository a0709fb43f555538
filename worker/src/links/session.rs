//! The session of a link from its beginning to its end: its row, and the reports it sends.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use siteward_devices::tunnel::{Inbound, LinkReport, Mux, MuxStream, frames};
use siteward_domain::LinkId;
use siteward_domain::add_state::AddState;
use siteward_domain::link::{BindState, Sighting};
use siteward_store::links::{self, Link};
use siteward_store::{DbConn, StoreError, additions, jobs, sightings};
use tokio_util::sync::CancellationToken;

use super::{Held, LinkHub};
use crate::jobs::advance_addition;

/// Reports of news that a link may send at once, and how often one more: whoever sends more is read no faster, so that
/// no link fills the log of events or keeps others from writing.
const REPORTS_AT_ONCE: u32 = 30;
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// How often, a second apart, a report is written while the database is not there.
const TRIES: u32 = 5;

impl LinkHub {
    /// Takes the session of a link that has just dialled in; ends when the session has ended. `link` is who it showed
    /// to be by its token. Dropping the future does not end the session.
    pub async fn attach(&self, link: Link, mux: Mux, inbound: Inbound) {
        let hub = self.clone();
        // A task of its own: what is to be written at the end must be, even if nobody waits for it any more.
        let _ = tokio::spawn(async move { hub.hold(link, mux, inbound).await }).await;
    }

    async fn hold(&self, link: Link, mux: Mux, inbound: Inbound) {
        let session = hex::encode(rand::random::<[u8; 16]>());
        if let Err(error) = self.take(&link.id, &session).await {
            tracing::warn!(link.id = %link.id, %error, "the session of a link could not begin");
            mux.close();
            return;
        }
        let ended = CancellationToken::new();
        let held = Held { session: session.clone(), mux, since: Instant::now(), ended: ended.clone() };
        let former = self.held().insert(link.id.clone(), held);
        if let Some(former) = former {
            former.end();
        }
        self.forget_far(&link.id);
        tracing::info!(link.id = %link.id, "a link is connected");
        tokio::select! {
            () = self.read_reports(&link, inbound) => {}
            () = ended.cancelled() => {}
        }
        self.end_session(&link.id, &session);
        self.note_end(&link.id, &session).await;
    }

    /// Writes down that a session is over; where another took its place, nothing.
    pub(super) async fn note_end(&self, link: &LinkId, session: &str) {
        let (id, of, now) = (link.clone(), session.to_owned(), self.0.clock.now());
        let ended = self.with_store(move |store| store.write(|conn| links::end_session(conn, &id, &of, now))).await;
        match ended {
            Ok(_) => tracing::info!(link.id = %link, "a link is gone"),
            // Its row grows old and is ended as that of a dead process.
            Err(error) => tracing::warn!(link.id = %link, %error, "the end of a session could not be written"),
        }
    }

    async fn take(&self, link: &LinkId, session: &str) -> Result<(), StoreError> {
        let (link, session, now) = (link.clone(), session.to_owned(), self.0.clock.now());
        let (holder, url) = (self.0.own.id.clone(), self.url().map(str::to_owned));
        self.with_store(move |store| {
            store.write(|conn| links::take_session(conn, &link, &holder, url.as_deref(), &session, now))
        })
        .await?;
        Ok(())
    }

    /// Closes one session, and not one that took its place.
    pub(super) fn end_session(&self, link: &LinkId, session: &str) {
        let mut all = self.held();
        if all.get(link).is_some_and(|held| held.session == session)
            && let Some(held) = all.remove(link)
        {
            held.end();
        }
    }

    /// Reads the one stream of reports; a new one takes the place of the old.
    async fn read_reports(&self, link: &Link, mut inbound: Inbound) {
        let mut reports: Option<MuxStream> = None;
        let mut pace = Pace { left: REPORTS_AT_ONCE, counted: Instant::now() };
        loop {
            tokio::select! {
                stream = inbound.next() => match stream {
                    Some(stream) => reports = Some(stream),
                    None => return,
                },
                report = next_report(&mut reports) => match report {
                    Some(report) => {
                        if report != LinkReport::Alive {
                            pace.keep().await;
                        }
                        if let Err(error) = self.take_report(link, report).await {
                            // It comes back and tells everything anew, so nothing is lost.
                            tracing::warn!(link.id = %link.id, %error, "a report could not be written, the link is cut");
                            return;
                        }
                    }
                    None => reports = None,
                },
            }
        }
    }

    async fn take_report(&self, link: &Link, report: LinkReport) -> Result<(), StoreError> {
        match report {
            LinkReport::Alive => Ok(()),
            LinkReport::Hello { version, system } => {
                self.write(link, move |conn, link, _| links::note_version(conn, &link.id, &version, &system)).await
            }
            LinkReport::All { devices } => {
                self.write(link, move |conn, link, now| {
                    sightings::report_all(conn, link, &devices, now)?;
                    go_on_with_waiting(conn, link, &devices, now)
                })
                .await
            }
            LinkReport::Changed { found, lost } => {
                self.write(link, move |conn, link, now| {
                    sightings::report_changes(conn, link, &found, &lost, now)?;
                    go_on_with_waiting(conn, link, &found, now)
                })
                .await
            }
        }
    }

    async fn write<T>(
        &self,
        link: &Link,
        work: impl Fn(&mut DbConn, &Link, DateTime<Utc>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let (link, now) = (link.clone(), self.0.clock.now());
        self.with_store(move |store| {
            let mut tries = 0;
            loop {
                tries += 1;
                match store.write(|conn| work(conn, &link, now)) {
                    Err(StoreError::Unavailable(_)) if tries < TRIES => std::thread::sleep(Duration::from_secs(1)),
                    result => return result.map(drop),
                }
            }
        })
        .await
    }
}

/// Additions that wait for a device to appear, or to be freed in its own menu, go on by themselves once it is seen so.
fn go_on_with_waiting(conn: &mut DbConn, link: &Link, seen: &[Sighting], now: DateTime<Utc>) -> Result<(), StoreError> {
    if seen.is_empty() {
        return Ok(());
    }
    for waiting in additions::list_for_site(conn, &link.company_id, &link.site_id, now)? {
        let Some(sighting) = seen.iter().find(|sighting| sighting.serial == waiting.serial) else { continue };
        let is_news = match waiting.state {
            AddState::Unknown | AddState::Offline => true,
            AddState::SomeoneElses => sighting.bind == BindState::Free,
            _ => false,
        };
        if is_news {
            jobs::enqueue(conn, &advance_addition::goes_on(&link.company_id, &waiting.id, now), now)?;
        }
    }
    Ok(())
}

/// How many reports may still come at once.
struct Pace {
    left: u32,
    /// Up to when what comes back with time is in `left`.
    counted: Instant,
}

impl Pace {
    /// Waits until one more report may be taken.
    async fn keep(&mut self) {
        let back = self.counted.elapsed().as_secs() / REPORT_EVERY.as_secs().max(1);
        self.counted += REPORT_EVERY * u32::try_from(back).unwrap_or(0);
        self.left = self.left.saturating_add(u32::try_from(back).unwrap_or(u32::MAX)).min(REPORTS_AT_ONCE);
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
        } else {
            tokio::time::sleep(REPORT_EVERY.saturating_sub(self.counted.elapsed())).await;
            self.counted = Instant::now();
        }
    }
}

/// The next report; waits for ever while there is no stream, and gives `None` when the stream has ended.
async fn next_report(reports: &mut Option<MuxStream>) -> Option<LinkReport> {
    match reports {
        Some(stream) => frames::read(stream).await.ok(),
        None => std::future::pending().await,
    }
}
