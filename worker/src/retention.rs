//! Rolls uptime up by day and forgets what is kept long enough, in steps that others who write hardly notice.
//!
//! Where it stands is in the database, under a lock, so it does not matter how many workers do it or which of them dies: each step is
//! done once, and done again it would change nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_store::retention::{self, Log};
use siteward_store::uptime_days::{self, Step};
use siteward_store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::reconcile::{ReconcilerStatus, SharedStatus};
use crate::settings;

/// Time between two turns.
const TURN: Duration = Duration::from_secs(300);
/// Most steps of each kind in a turn: what is left waits for the next.
const MOST_STEPS: usize = 500;
/// Between two steps, so that others who write get their turn.
const BREATH: Duration = Duration::from_millis(20);
/// The name of this reconciler.
const NAME: &str = "retention";

/// How long things are kept; `None`: for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Events of the platform.
    pub events: Option<chrono::Duration>,
    /// Events that devices told.
    pub device_events: Option<chrono::Duration>,
    /// Changes of devices' health.
    pub transitions: Option<chrono::Duration>,
    /// Uptime by the hour.
    pub uptime_hours: Option<chrono::Duration>,
    /// Uptime and temperatures of disks by the day.
    pub daily: Option<chrono::Duration>,
}

impl From<&settings::Retention> for Kept {
    fn from(settings: &settings::Retention) -> Self {
        let days = |days: u32| (days > 0).then(|| chrono::Duration::days(i64::from(days)));
        Self {
            events: days(settings.events_days),
            device_events: days(settings.device_events_days),
            transitions: days(settings.transitions_days),
            uptime_hours: days(settings.uptime_hours_days),
            daily: days(settings.daily_days),
        }
    }
}

/// Keeps what is kept as it should be.
#[derive(Clone)]
pub(crate) struct Retention {
    store: Store,
    clock: SharedClock,
    kept: Kept,
    status: SharedStatus,
}

impl Retention {
    pub(crate) fn new(store: Store, clock: SharedClock, kept: Kept) -> Self {
        Self { store, clock, kept, status: SharedStatus::new(NAME) }
    }

    /// How it last went.
    pub(crate) fn status(&self) -> ReconcilerStatus {
        self.status.get()
    }

    /// Runs until told to stop.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let mut last_day = None;
        loop {
            let (store, now, breaking) = (self.store.clone(), self.clock.now(), stopping.clone());
            // A day is the least that days are forgotten by: once a day is enough.
            let day = Some(now.date_naive());
            let daily = self.kept.daily.filter(|_| last_day != day);
            let kept = Kept { daily, ..self.kept };
            last_day = day;
            let go_on = move || {
                std::thread::sleep(BREATH);
                !breaking.is_cancelled()
            };
            let result = on_blocking_thread(move || keep(&store, kept, now, &go_on)).await;
            self.status.note(now, &result);
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(TURN) => {}
            }
        }
    }
}

/// One turn: sums up the days that are over, then forgets. Gives how many rows were written and deleted. `go_on` is asked
/// after each step.
pub fn keep(store: &Store, kept: Kept, now: DateTime<Utc>, go_on: &dyn Fn() -> bool) -> Result<usize, StoreError> {
    let mut changed = pass(MOST_STEPS, go_on, || store.write_relaxed(|conn| uptime_days::roll_up(conn, now)))?;
    if let Some(kept) = kept.uptime_hours {
        changed += pass(MOST_STEPS, go_on, || store.write_relaxed(|conn| uptime_days::prune_hours(conn, now - kept)))?;
    }
    if let Some(kept) = kept.daily {
        let mut after = None;
        // Each device once: this ends by itself.
        changed += pass(usize::MAX, go_on, || {
            let (rows, last) = store.write_relaxed(|conn| uptime_days::prune_days(conn, after, now - kept))?;
            after = last;
            Ok(if last.is_some() { Step::Went(rows) } else { Step::Done })
        })?;
    }
    let logs =
        [(Log::Events, kept.events), (Log::DeviceEvents, kept.device_events), (Log::Transitions, kept.transitions)];
    for (log, kept) in logs {
        let Some(kept) = kept else { continue };
        changed += pass(MOST_STEPS, go_on, || {
            let rows = store.write_relaxed(|conn| retention::prune(conn, log, now - kept))?;
            Ok(if rows > 0 { Step::Went(rows) } else { Step::Done })
        })?;
    }
    Ok(changed)
}

/// Steps until there is nothing more to do, it is enough for a turn, or it is told to stop.
fn pass(
    most_steps: usize,
    go_on: &dyn Fn() -> bool,
    mut step: impl FnMut() -> Result<Step, StoreError>,
) -> Result<usize, StoreError> {
    let mut changed = 0;
    for _ in 0..most_steps {
        match step()? {
            Step::Went(rows) => changed += rows,
            Step::Done => break,
        }
        if !go_on() {
            break;
        }
    }
    Ok(changed)
}
