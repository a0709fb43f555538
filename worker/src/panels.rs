//! Who has an account on which alarm panel (R-A1 to R-A4): compares what is wanted with what is there, again and again.
//!
//! Panels that are due are leased from the store, many at once, so that a slow one holds up nobody; known slow ones share a few
//! places. A visit logs in once, whatever there is to do. A worker that dies loses its leases, and another goes on:
//! what it was about to do stands in the store, and what it did is read from the panel.
//!
//! Reads no password of a person in the open but for the moment of handing it to the panel, and logs none.

mod comparing;
mod concluding;
mod repairing;
mod visiting;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use siteward_domain::DeviceId;
use siteward_store::{Store, StoreError, panels};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::reaching::Reaching;
use crate::reconcile::SharedStatus;
use visiting::{Visited, Visitor};

/// Panels visited at once.
const AT_ONCE: usize = 32;
/// Slow ones among them.
const SLOW_AT_ONCE: usize = 8;
/// A visit that took longer was to a slow panel.
const SLOW: Duration = Duration::from_secs(5);
/// Slow panels that are remembered at most.
const MOST_SLOW: usize = 500;
/// How often the store is asked for due panels when nobody wakes us.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// How long visits may take to break off when the worker stops.
const LONGEST_STOP: Duration = Duration::from_secs(12);
/// The name of this reconciler.
pub(crate) const NAME: &str = "panel_accounts";

/// Keeps accounts on panels as they should be.
pub(crate) struct PanelReconciler {
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
    pub(crate) owner: String,
    pub(crate) reaching: Reaching,
    /// Time between two comparisons of a panel.
    pub(crate) period: chrono::Duration,
    /// How long a claim on a panel holds without being renewed.
    pub(crate) lease: chrono::Duration,
    pub(crate) wake: Arc<Notify>,
    pub(crate) stopping: CancellationToken,
    pub(crate) status: SharedStatus,
}

type Ended = (DeviceId, Duration, Result<Visited, StoreError>);

/// Visits under way, and what is known of slow panels.
#[derive(Default)]
struct Round {
    visits: JoinSet<Ended>,
    /// Claimed by us; which of them are slow.
    under_way: HashSet<DeviceId>,
    slow: HashSet<DeviceId>,
}

impl Round {
    fn slow_under_way(&self) -> usize {
        self.under_way.intersection(&self.slow).count()
    }
}

impl PanelReconciler {
    /// Runs until told to stop; then lets visits break off.
    pub(crate) async fn run(self) {
        let visitor = Arc::new(Visitor {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            owner: self.owner.clone(),
            reaching: self.reaching.clone(),
            period: self.period,
            stopping: self.stopping.clone(),
        });
        let mut round = Round::default();
        let mut renewal = tokio::time::interval((self.lease / 3).to_std().unwrap_or(ASK_EVERY));
        loop {
            // Not one by one: a claim is a write.
            if AT_ONCE - round.under_way.len() >= AT_ONCE / 4 {
                self.begin(&visitor, &mut round).await;
            }
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => break,
                _ = renewal.tick() => self.renew(&round).await,
                Some(ended) = round.visits.join_next() => self.end(ended, &mut round),
                () = self.wake.notified() => {}
                () = tokio::time::sleep(ASK_EVERY) => {}
            }
            while let Some(ended) = round.visits.try_join_next() {
                self.end(ended, &mut round);
            }
        }
        let end = tokio::time::Instant::now() + LONGEST_STOP;
        while let Ok(Some(ended)) = tokio::time::timeout_at(end, round.visits.join_next()).await {
            self.end(ended, &mut round);
        }
    }

    /// Claims as many due panels as there are places for, and visits them.
    async fn begin(&self, visitor: &Arc<Visitor>, round: &mut Round) {
        let places = u32::try_from(AT_ONCE - round.under_way.len()).unwrap_or(0);
        let slow_full = round.slow_under_way() >= SLOW_AT_ONCE;
        let except: Vec<DeviceId> = if slow_full { round.slow.iter().cloned().collect() } else { Vec::new() };
        let (owner, now, lease) = (self.owner.clone(), self.clock.now(), self.lease);
        let claimed = self
            .with_store(move |store| {
                // Asking costs nothing where nothing is due, which is nearly always.
                if !store.read(|conn| panels::any_due(conn, now))? {
                    return Ok(Vec::new());
                }
                store.write_relaxed(|conn| panels::claim(conn, &owner, places, &except, now, lease))
            })
            .await;
        let claimed = claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "panels could not be claimed");
            self.status.change(|status| status.error = Some(error.to_string()));
            Vec::new()
        });
        for device in claimed {
            round.under_way.insert(device.clone());
            let visitor = Arc::clone(visitor);
            round.visits.spawn(async move {
                let began = Instant::now();
                let id = device.clone();
                let visiting = tokio::spawn(async move { visitor.visit(&id).await });
                // A panic tells of itself; the lease ends by itself.
                let panicked = |_| Err(StoreError::Unavailable("the visit panicked".to_owned()));
                let visited = visiting.await.unwrap_or_else(panicked);
                (device, began.elapsed(), visited)
            });
        }
    }

    fn end(&self, ended: Result<Ended, tokio::task::JoinError>, round: &mut Round) {
        let Ok((device, took, visited)) = ended else { return };
        round.under_way.remove(&device);
        if took < SLOW {
            round.slow.remove(&device);
        } else if round.slow.len() < MOST_SLOW {
            round.slow.insert(device.clone());
        }
        let now = self.clock.now();
        self.status.change(|status| {
            status.ran_at = Some(now);
            match &visited {
                Ok(visited) => {
                    status.changed += visited.changed;
                    status.error = None;
                }
                Err(error) => status.error = Some(error.to_string()),
            }
        });
        match visited {
            Ok(visited) => {
                tracing::debug!(device.id = %device, changed = visited.changed, failed = visited.failed, "a panel was visited");
            }
            Err(error) => tracing::warn!(%error, device.id = %device, "a visit to a panel could not be written down"),
        }
    }

    /// Prolongs the leases of panels under way. One whose lease was lost finds that out when it writes.
    async fn renew(&self, round: &Round) {
        let devices: Vec<DeviceId> = round.under_way.iter().cloned().collect();
        if devices.is_empty() {
            return;
        }
        let (owner, now, lease) = (self.owner.clone(), self.clock.now(), self.lease);
        let renewed = self
            .with_store(move |store| store.write_relaxed(|conn| panels::renew(conn, &owner, &devices, now, lease)))
            .await;
        if let Err(error) = renewed {
            tracing::warn!(%error, "leases of panels could not be renewed");
        }
    }

    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        on_blocking_thread(move || work(&store)).await
    }
}
