//! Adds the ticked devices of an import (R-D2): one job an import, several rows at once.
//!
//! A row is claimed before its device is dialled and finished in one transaction, so a kill at any moment leaves it
//! untouched or wholly done (T4). A device that was refused is never tried again; only a row whose worker died in the
//! middle is, once for each such death, because nobody knows how far it came.

mod behind_link;
mod finishing;
mod trying;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_devices::{AddressPolicy, Limits};
use siteward_domain::import::ImportState;
use siteward_domain::{ImportId, JobId};
use siteward_store::imports::{self, ClaimedRow, ImportContext, Reason};
use siteward_store::jobs::NewJob;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::job::{Job, JobContext, JobError};
use crate::links::LinkHub;
use finishing::Finisher;

/// How often an import is tried when the store fails it. A device that fails does not count: it only fails its row.
const MOST_ATTEMPTS: u32 = 10;
/// Most rows of one import at once.
const ROWS_AT_ONCE: usize = 32;

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The import.
    pub import_id: ImportId,
}

/// The job of a confirmed import, for `siteward_store::imports::confirm`.
pub fn new_job(import: &ImportId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id: JobId::generate(now),
        kind: ImportDevices::KIND.to_owned(),
        payload: serde_json::json!({ "import_id": import }),
        run_at: now,
        dedup_key: Some(import.to_string()),
        most_attempts: MOST_ATTEMPTS,
    }
}

/// Why rows failed whose import was given up.
pub(crate) fn given_up() -> Reason {
    Reason { code: "import_failed".to_owned(), message: "the import could not be finished".to_owned() }
}

/// The kind.
pub(crate) struct ImportDevices {
    at_once: usize,
    hosts: Arc<Semaphore>,
    dialling: trying::Dialling,
    finisher: Finisher,
}

impl ImportDevices {
    /// Runs `at_once` imports and tries `hosts_at_once` devices at once, over all of them.
    pub(crate) fn new(
        at_once: usize,
        hosts_at_once: usize,
        policy: AddressPolicy,
        limits: Limits,
        hub: LinkHub,
    ) -> Self {
        Self {
            at_once,
            hosts: Arc::new(Semaphore::new(hosts_at_once)),
            dialling: trying::Dialling { policy, limits, hub },
            finisher: Finisher::default(),
        }
    }
}

impl Job for ImportDevices {
    const KIND: &'static str = "import_devices";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        self.at_once
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let id = payload.import_id;
        let Some(import) = self.begin(&context, &id).await? else { return Ok(()) };
        let mut under_way = JoinSet::new();
        let mut failed = None;
        let mut none_left = false;
        loop {
            let goes_on = failed.is_none() && !none_left && !context.stopping.is_cancelled();
            if goes_on && under_way.len() <= ROWS_AT_ONCE / 2 {
                let rows = claim(&context, &id, ROWS_AT_ONCE - under_way.len()).await;
                none_left = rows.as_ref().is_ok_and(Vec::is_empty);
                for row in rows.unwrap_or_else(|error| fail(&mut failed, error)) {
                    under_way.spawn(self.row(context.clone(), import.clone(), id.clone(), row));
                }
            }
            // Devices that are being tried are always waited for: what they say must not get lost.
            match under_way.join_next().await {
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => fail(&mut failed, error),
                Some(Err(_)) => fail(&mut failed, JobError::Panicked),
                None => match failed {
                    Some(error) => return Err(error),
                    None if context.stopping.is_cancelled() => return Err(JobError::BrokenOff),
                    None if none_left => return Ok(()),
                    None => {}
                },
            }
        }
    }

    async fn give_up(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let (now, reason) = (context.clock.now(), given_up());
        context
            .with_store(move |store| {
                store.write(|conn| imports::fail_remaining(conn, &payload.import_id, &reason, now))
            })
            .await?;
        Ok(())
    }
}

impl ImportDevices {
    /// Takes up what a dead worker left. `None`: the import is gone or over.
    async fn begin(&self, context: &JobContext, id: &ImportId) -> Result<Option<ImportContext>, JobError> {
        let id = id.clone();
        let import = context
            .with_store(move |store| {
                store.write(|conn| {
                    let import = imports::find_context(conn, &id)?;
                    imports::resume(conn, &id)?;
                    Ok(import)
                })
            })
            .await?;
        Ok(import.filter(|import| import.state == ImportState::Running))
    }

    /// Tries one row's device and finishes the row.
    fn row(
        &self,
        context: JobContext,
        import: ImportContext,
        id: ImportId,
        row: ClaimedRow,
    ) -> impl Future<Output = Result<(), JobError>> + Send + use<> {
        let (hosts, dialling, finisher) = (Arc::clone(&self.hosts), self.dialling.clone(), self.finisher.clone());
        async move {
            // The semaphore is never closed.
            let Ok(_place) = hosts.acquire_owned().await else { return Ok(()) };
            if context.stopping.is_cancelled() {
                return Ok(());
            }
            let index = row.index;
            let tried = dialling.try_row(&context, &import, &id, row).await;
            finisher.finish(&context, id, index, tried).await?;
            Ok(())
        }
    }
}

/// Keeps the first failure.
fn fail<T: Default>(failed: &mut Option<JobError>, error: JobError) -> T {
    failed.get_or_insert(error);
    T::default()
}

async fn claim(context: &JobContext, id: &ImportId, most: usize) -> Result<Vec<ClaimedRow>, JobError> {
    let (id, now) = (id.clone(), context.clock.now());
    let most = u32::try_from(most).unwrap_or(1);
    Ok(context.with_store(move |store| store.write(|conn| imports::claim_rows(conn, &id, most, now))).await?)
}
