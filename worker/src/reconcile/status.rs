//! How reconcilers fare: written by whoever runs one, read by whoever asks.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use siteward_store::StoreError;

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

/// The status of one, shared with whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct SharedStatus(Arc<Mutex<ReconcilerStatus>>);

impl SharedStatus {
    /// Of one that has not run yet.
    pub(crate) fn new(name: &'static str) -> Self {
        Self(Arc::new(Mutex::new(ReconcilerStatus { name, ran_at: None, changed: 0, error: None })))
    }

    pub(crate) fn get(&self) -> ReconcilerStatus {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut ReconcilerStatus)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Notes how a turn went: what it changed, or why it failed, which is logged too.
    pub(crate) fn note(&self, now: DateTime<Utc>, result: &Result<usize, StoreError>) {
        self.change(|status| {
            status.ran_at = Some(now);
            match result {
                Ok(changed) => {
                    status.changed += *changed as u64;
                    status.error = None;
                }
                Err(error) => {
                    tracing::warn!(%error, reconciler = status.name, "a reconciler failed");
                    status.error = Some(error.to_string());
                }
            }
        });
    }
}
