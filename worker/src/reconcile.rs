//! Reconcilers: work that compares what should be with what is, again and again. They take no input, doing them twice
//! does no more than doing them once, and each tells how it went.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_store::{Store, StoreError, imports, polling};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;

/// How often each of them runs.
const EVERY: Duration = Duration::from_secs(10);

/// How a reconciler last went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconcilerStatus {
    /// Its name.
    pub name: &'static str,
    /// When it last ran.
    pub ran_at: Option<DateTime<Utc>>,
    /// What it changed since the start.
    pub changed: u64,
    /// Why the last run failed, if it did.
    pub error: Option<String>,
}

/// One of them.
struct Reconciler {
    name: &'static str,
    /// Brings things to where they should be; gives how many it changed.
    run: fn(&Store, DateTime<Utc>) -> Result<usize, StoreError>,
}

const ALL: [Reconciler; 2] = [
    Reconciler { name: "expire_imports", run: expire_imports },
    Reconciler { name: "prune_changes", run: prune_changes },
];

/// How long the feed of changed devices is kept: workers read it every second.
const CHANGES_KEPT: chrono::Duration = chrono::Duration::hours(1);

/// The reconcilers of a worker and how they went.
#[derive(Clone)]
pub(crate) struct Reconcilers(Arc<Mutex<Vec<ReconcilerStatus>>>);

impl Default for Reconcilers {
    fn default() -> Self {
        let fresh = |one: Reconciler| ReconcilerStatus { name: one.name, ran_at: None, changed: 0, error: None };
        Self(Arc::new(Mutex::new(ALL.into_iter().map(fresh).collect())))
    }
}

impl Reconcilers {
    /// How each last went.
    pub(crate) fn status(&self) -> Vec<ReconcilerStatus> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs them all, now and every ten seconds, until told to stop.
    pub(crate) async fn run(self, store: Store, clock: SharedClock, stopping: CancellationToken) {
        loop {
            for one in ALL {
                let (store, now) = (store.clone(), clock.now());
                let result = on_blocking_thread(move || (one.run)(&store, now)).await;
                self.note(one.name, now, result);
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    fn note(&self, name: &str, now: DateTime<Utc>, result: Result<usize, StoreError>) {
        if let Err(error) = &result {
            tracing::warn!(%error, reconciler = name, "a reconciler failed");
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(status) = all.iter_mut().find(|status| status.name == name) {
            status.ran_at = Some(now);
            match result {
                Ok(changed) => {
                    status.changed += changed as u64;
                    status.error = None;
                }
                Err(error) => status.error = Some(error.to_string()),
            }
        }
    }
}

/// Ends imports that nobody confirmed within 15 minutes, and erases their passwords.
fn expire_imports(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    store.write(|conn| imports::expire_imports(conn, now))
}

/// Forgets old entries of the feed that tells workers which devices changed.
fn prune_changes(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| polling::prune_changes(conn, now - CHANGES_KEPT))
}
