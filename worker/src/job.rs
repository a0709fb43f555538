//! What a job is: a kind, a payload of ids, and an idempotent way to run it.

use std::future::Future;

use serde::de::DeserializeOwned;
use siteward_domain::JobId;
use siteward_store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;

/// A kind of job. It may be run again after a crash at any moment, so running twice must do no more than running once.
pub trait Job: Send + Sync + 'static {
    /// Its name in the database.
    const KIND: &'static str;
    /// What it is about: ids only, the state is read afresh.
    type Payload: DeserializeOwned + Send;

    /// How many jobs of this kind a worker runs at once.
    fn most_at_once(&self) -> usize;

    /// Runs it. It should end soon after `context.stopping` is cancelled: what is not done is taken up again.
    fn run(&self, context: JobContext, payload: Self::Payload) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Called once it failed too often and is dead: to tell whoever waits for it.
    fn give_up(
        &self,
        _context: JobContext,
        _payload: Self::Payload,
    ) -> impl Future<Output = Result<(), JobError>> + Send {
        std::future::ready(Ok(()))
    }
}

/// What a job is given.
#[derive(Clone)]
pub struct JobContext {
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: SharedClock,
    /// Cancelled when the worker stops or has lost the lease of this job.
    pub stopping: CancellationToken,
    /// The job.
    pub id: JobId,
}

impl std::fmt::Debug for JobContext {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("JobContext").field("id", &self.id).finish_non_exhaustive()
    }
}

impl JobContext {
    /// Works with the store on a blocking thread.
    pub async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        on_blocking_thread(move || work(&store)).await
    }
}

/// Runs `work` where it may block.
pub(crate) async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        // The runtime is shutting down, or the work panicked, which is told by the panic itself.
        Err(_) => Err(StoreError::Unavailable("the work was broken off".to_owned())),
    }
}

/// Why a job did not end well.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The store did not do what it should; tried again later.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The payload is not what this kind of job takes.
    #[error("unreadable payload")]
    Payload(#[from] serde_json::Error),
    /// It panicked.
    #[error("panicked")]
    Panicked,
    /// What it needs is not there just now; tried again later. The code says what.
    #[error("not now: {0}")]
    Later(&'static str),
    /// It was broken off because the worker stops; it is given back as it was.
    #[error("broken off")]
    BrokenOff,
}

impl JobError {
    /// The stable code kept with a failed job.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::Payload(_) => "payload",
            Self::Panicked => "panicked",
            Self::Later(code) => code,
            Self::BrokenOff => "broken_off",
        }
    }
}
