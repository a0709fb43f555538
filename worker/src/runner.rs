//! Runs jobs: claims what is due with a lease, renews it while a job runs, hands it back or gives it up.
//!
//! A job whose worker died is claimed by another when its lease ends. Failures are tried again later and later, with
//! jitter; what failed too often is dead, stays visible, and can be restarted by a person.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration as StdDuration;

use chrono::Duration;
use siteward_domain::JobId;
use siteward_store::jobs::{self, Failed};
use siteward_store::{Store, StoreError};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::{Job, JobContext, JobError, on_blocking_thread};

/// How often the store is asked for due jobs when nobody wakes us.
const ASK_EVERY: StdDuration = StdDuration::from_secs(1);
/// How long jobs may take to break off when the worker stops.
const LONGEST_STOP: StdDuration = StdDuration::from_secs(12);

type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;

/// A kind of job behind one face.
trait Kind: Send + Sync {
    fn most_at_once(&self) -> usize;
    fn run(&self, context: JobContext, payload: serde_json::Value) -> Running;
    fn give_up(&self, context: JobContext, payload: serde_json::Value) -> Running;
}

struct Of<J>(Arc<J>);

impl<J: Job> Kind for Of<J> {
    fn most_at_once(&self) -> usize {
        self.0.most_at_once().max(1)
    }

    fn run(&self, context: JobContext, payload: serde_json::Value) -> Running {
        let job = Arc::clone(&self.0);
        Box::pin(async move { job.run(context, serde_json::from_value(payload)?).await })
    }

    fn give_up(&self, context: JobContext, payload: serde_json::Value) -> Running {
        let job = Arc::clone(&self.0);
        Box::pin(async move { job.give_up(context, serde_json::from_value(payload)?).await })
    }
}

/// The kinds of jobs a worker runs.
#[derive(Default)]
pub(crate) struct Kinds(HashMap<&'static str, Box<dyn Kind>>);

impl Kinds {
    /// Adds a kind.
    pub(crate) fn with<J: Job>(mut self, job: J) -> Self {
        self.0.insert(J::KIND, Box::new(Of(Arc::new(job))));
        self
    }
}

/// Counts of the runner.
#[derive(Debug, Default)]
pub(crate) struct RunnerCounters {
    done: AtomicU64,
    failed: AtomicU64,
    dead: AtomicU64,
}

/// What the runner did since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunnerStatus {
    /// Jobs that ended well.
    pub done: u64,
    /// Failures that are tried again.
    pub failed: u64,
    /// Jobs given up.
    pub dead: u64,
}

impl RunnerCounters {
    pub(crate) fn status(&self) -> RunnerStatus {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RunnerStatus { done: read(&self.done), failed: read(&self.failed), dead: read(&self.dead) }
    }
}

/// Everything the runner works with.
pub(crate) struct Runner {
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
    pub(crate) owner: String,
    pub(crate) kinds: Kinds,
    pub(crate) lease: Duration,
    pub(crate) wake: Arc<Notify>,
    pub(crate) stopping: CancellationToken,
    pub(crate) counters: Arc<RunnerCounters>,
}

/// A job under way.
struct UnderWay {
    job: jobs::Job,
    stopping: CancellationToken,
}

type Jobs = HashMap<JobId, UnderWay>;
type Ended = (JobId, Result<(), JobError>);

impl Runner {
    /// Runs until told to stop; then lets jobs break off.
    pub(crate) async fn run(self) {
        let (ended, mut inbox) = mpsc::unbounded_channel::<Ended>();
        let mut under_way = Jobs::new();
        let mut renewal = tokio::time::interval((self.lease / 3).to_std().unwrap_or(ASK_EVERY));
        let mut batch = Vec::new();
        loop {
            self.claim(&mut under_way, &ended).await;
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => break,
                _ = renewal.tick() => self.renew(&under_way).await,
                _ = inbox.recv_many(&mut batch, 64) => self.end(&mut batch, &mut under_way).await,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(ASK_EVERY) => {}
            }
        }
        let end = tokio::time::Instant::now() + LONGEST_STOP;
        while !under_way.is_empty() && tokio::time::timeout_at(end, inbox.recv_many(&mut batch, 64)).await.is_ok() {
            self.end(&mut batch, &mut under_way).await;
        }
    }

    /// Claims as many due jobs of each kind as there are places for, and starts them.
    async fn claim(&self, under_way: &mut Jobs, ended: &mpsc::UnboundedSender<Ended>) {
        for (name, kind) in &self.kinds.0 {
            let running = under_way.values().filter(|other| other.job.kind == *name).count();
            let places = u32::try_from(kind.most_at_once().saturating_sub(running)).unwrap_or(u32::MAX);
            if places == 0 {
                continue;
            }
            let (owner, now, lease, name) = (self.owner.clone(), self.clock.now(), self.lease, *name);
            let claimed = self
                .with_store(move |store| store.write(|conn| jobs::claim(conn, &owner, &[name], places, now, lease)))
                .await;
            let claimed = claimed.unwrap_or_else(|error| {
                tracing::warn!(%error, job.kind = name, "jobs could not be claimed");
                Vec::new()
            });
            for job in claimed {
                let stopping = self.stopping.child_token();
                let running = tokio::spawn(kind.run(self.context(&job.id, stopping.clone()), job.payload.clone()));
                let (id, ended) = (job.id.clone(), ended.clone());
                under_way.insert(job.id.clone(), UnderWay { job, stopping });
                tokio::spawn(async move {
                    let result = running.await.unwrap_or(Err(JobError::Panicked));
                    let _ = ended.send((id, result));
                });
            }
        }
    }

    /// Prolongs the leases of all running jobs. A job whose lease was lost is told to break off.
    async fn renew(&self, under_way: &Jobs) {
        let ids: Vec<JobId> = under_way.keys().cloned().collect();
        if ids.is_empty() {
            return;
        }
        let (owner, now, lease) = (self.owner.clone(), self.clock.now(), self.lease);
        let renewed = self
            .with_store(move |store| {
                store.write(|conn| {
                    let mut lost = Vec::new();
                    for id in &ids {
                        match jobs::extend(conn, id, &owner, now, lease) {
                            Ok(()) => {}
                            Err(StoreError::Stale) => lost.push(id.clone()),
                            Err(error) => return Err(error),
                        }
                    }
                    Ok(lost)
                })
            })
            .await;
        match renewed {
            Ok(lost) => {
                for running in lost.iter().filter_map(|id| under_way.get(id)) {
                    tracing::warn!(job.id = %running.job.id, "the lease of a job was lost, it breaks off");
                    running.stopping.cancel();
                }
            }
            Err(error) => tracing::warn!(%error, "leases of jobs could not be renewed"),
        }
    }

    /// Writes down how jobs ended. Where that fails they run again when their lease ends, which they are made for.
    async fn end(&self, batch: &mut Vec<Ended>, under_way: &mut Jobs) {
        for (id, result) in batch.drain(..) {
            let Some(UnderWay { job, .. }) = under_way.remove(&id) else { continue };
            let (owner, now) = (self.owner.clone(), self.clock.now());
            let noted = match result {
                Ok(()) => {
                    let finished =
                        self.with_store(move |store| store.write(|conn| jobs::finish(conn, &id, &owner))).await;
                    self.counters.done.fetch_add(1, Ordering::Relaxed);
                    finished
                }
                Err(JobError::BrokenOff) => {
                    self.with_store(move |store| store.write(|conn| jobs::give_back(conn, &id, &owner, now))).await
                }
                Err(error) => self.fail(job, &error).await,
            };
            match noted {
                Ok(()) | Err(StoreError::Stale) => {}
                Err(error) => tracing::warn!(%error, "the end of a job could not be written down"),
            }
        }
    }

    async fn fail(&self, job: jobs::Job, error: &JobError) -> Result<(), StoreError> {
        let (id, owner, now, code) = (job.id.clone(), self.owner.clone(), self.clock.now(), error.code());
        let failed = self.with_store(move |store| store.write(|conn| jobs::fail(conn, &id, &owner, code, now))).await?;
        match failed {
            Failed::RetryAt(at) => {
                self.counters.failed.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, job.id = %job.id, job.kind, %at, "a job failed and is tried again");
            }
            Failed::Dead => {
                self.counters.dead.fetch_add(1, Ordering::Relaxed);
                tracing::error!(%error, job.id = %job.id, job.kind, "a job failed too often and is given up");
                if let Some(kind) = self.kinds.0.get(job.kind.as_str()) {
                    let context = self.context(&job.id, self.stopping.child_token());
                    if let Err(error) = kind.give_up(context, job.payload).await {
                        tracing::error!(%error, job.id = %job.id, "giving up a job failed");
                    }
                }
            }
        }
        Ok(())
    }

    fn context(&self, id: &JobId, stopping: CancellationToken) -> JobContext {
        JobContext { store: self.store.clone(), clock: Arc::clone(&self.clock), stopping, id: id.clone() }
    }

    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        on_blocking_thread(move || work(&store)).await
    }
}
