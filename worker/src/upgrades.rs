//! Upgrades of firmware at work (R-H7): hands devices to jobs when their stage and hour have come, and keeps the folder of
//! firmware files tidy. Once a second in every worker; state and lock are in the database.
//!
//! A job never trusts its memory: it looks at the device first, and what it is about to do stands in the database before it
//! does it. Killed anywhere, the next one goes on, and no device is sent a file that it has.

mod checking;
mod deciding;
mod files;
mod job;
mod raising;
mod working;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_domain::JobId;
use siteward_store::jobs::{self, NewJob};
use siteward_store::{Store, StoreError, upgrades};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::{Job as _, on_blocking_thread};
use crate::reconcile::{ReconcilerStatus, SharedStatus};

pub use files::{file_path, is_upload, upload_path};
pub(crate) use job::UpgradeDevice;

/// Time between two turns.
const TURN: Duration = Duration::from_secs(1);
/// Turns between two looks through the folder of files.
const TIDY_TURNS: u64 = 600;
/// The name of this reconciler.
const NAME: &str = "upgrades";
/// A job is begun anew by whoever takes it over, however often.
const MOST_ATTEMPTS: u32 = 10_000;
/// How long the configuration that was saved before an upgrade is kept.
const CONFIGURATIONS_KEPT: chrono::Duration = chrono::Duration::days(90);

/// How devices are upgraded.
#[derive(Debug, Clone)]
pub struct UpgradeSettings {
    /// The folder of firmware files.
    pub folder: PathBuf,
    /// Devices upgraded at once in one worker.
    pub at_once: usize,
    /// Time between two looks at a device that is being upgraded.
    pub watch: Duration,
    /// Time between two tries of a device that is offline.
    pub offline: chrono::Duration,
    /// How long a device may be away.
    pub returns: chrono::Duration,
    /// How long its health may take to be what it was.
    pub settles: chrono::Duration,
    /// The period of polling, which decides what is fresh.
    pub period: chrono::Duration,
}

/// Goes on with upgrades, turn by turn.
#[derive(Clone)]
pub(crate) struct Upgrades {
    store: Store,
    clock: SharedClock,
    folder: PathBuf,
    wake: Arc<Notify>,
    status: SharedStatus,
}

impl Upgrades {
    pub(crate) fn new(store: Store, clock: SharedClock, folder: PathBuf, wake: Arc<Notify>) -> Self {
        Self { store, clock, folder, wake, status: SharedStatus::new(NAME) }
    }

    /// How it last went.
    pub(crate) fn status(&self) -> ReconcilerStatus {
        self.status.get()
    }

    /// Runs until told to stop.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let mut turn = 0_u64;
        loop {
            let (store, now) = (self.store.clone(), self.clock.now());
            let folder = turn.is_multiple_of(TIDY_TURNS).then(|| self.folder.clone());
            let result = on_blocking_thread(move || {
                if let Some(folder) = folder {
                    files::tidy(&store, &folder)?;
                    store.write_relaxed(|conn| upgrades::prune_configurations(conn, now - CONFIGURATIONS_KEPT))?;
                }
                go_on(&store, now)
            })
            .await;
            if matches!(result, Ok(handed) if handed > 0) {
                self.wake.notify_one();
            }
            self.status.note(now, &result);
            turn = turn.wrapping_add(1);
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(TURN) => {}
            }
        }
    }
}

/// Hands devices whose time has come to jobs; gives how many.
fn go_on(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(|conn| upgrades::any_running(conn, now))? {
        return Ok(0);
    }
    store.write(|conn| {
        let due = upgrades::advance(conn, now)?;
        for (upgrade, device) in &due {
            let job = NewJob {
                id: JobId::generate(now),
                kind: UpgradeDevice::KIND.to_owned(),
                payload: serde_json::json!({ "upgrade_id": upgrade, "device_id": device }),
                run_at: now,
                dedup_key: Some(format!("{upgrade}/{device}")),
                most_attempts: MOST_ATTEMPTS,
            };
            jobs::enqueue(conn, &job, now)?;
        }
        Ok(due.len())
    })
}
