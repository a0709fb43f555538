//! Sorts exceptions into incidents, once a second: state and lock are in the database, so it does not matter how many
//! workers do it, or which of them dies (R-H5).

use std::time::Duration;

use siteward_domain::incident::Settling;
use siteward_store::{Store, StoreError, incidents};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::reconcile::{ReconcilerStatus, SharedStatus};

/// Time between two turns.
const TURN: Duration = Duration::from_secs(1);
/// The name of this reconciler.
const NAME: &str = "incidents";

/// Keeps incidents as they should be.
#[derive(Clone)]
pub(crate) struct Incidents {
    store: Store,
    clock: SharedClock,
    settling: Settling,
    status: SharedStatus,
}

impl Incidents {
    pub(crate) fn new(store: Store, clock: SharedClock, settling: Settling) -> Self {
        Self { store, clock, settling, status: SharedStatus::new(NAME) }
    }

    /// How it last went.
    pub(crate) fn status(&self) -> ReconcilerStatus {
        self.status.get()
    }

    /// Runs until told to stop.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        // Links come back a while after the process that held their sessions: who only just began has not waited for them.
        let watching_from = self.clock.now() + self.settling.longest;
        loop {
            let (store, settling, now) = (self.store.clone(), self.settling, self.clock.now());
            let watching = now >= watching_from;
            let result = on_blocking_thread(move || sort(&store, settling, watching, now)).await;
            self.status.note(now, &result);
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(TURN) => {}
            }
        }
    }
}

fn sort(
    store: &Store,
    settling: Settling,
    watching: bool,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<usize, StoreError> {
    if !store.read(|conn| incidents::is_due(conn, settling, watching, now))? {
        return Ok(0);
    }
    store.write(|conn| incidents::sort(conn, settling, watching, now))
}
