//! The measured side that is ours: the worker's polling engine on a store with devices in it.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use chrono::{Duration, Utc};
use siteward_worker::clock::SystemClock;
use siteward_worker::polling::{Engine, EngineSettings};
use siteward_worker::settings::Settings;
use siteward_worker::{LinkHub, ProcessAddress, WorkerSettings};

use crate::child::{Found, Stopwatch, Times};
use crate::fixture;

/// Polls every device of the folder with the default settings (or those of the environment), but for these.
pub(crate) async fn run(folder: &Path, period_ms: u32, kept_connections: Option<usize>, time: Times) -> Result<Found> {
    let store = fixture::open(folder)?;
    let mut settings: EngineSettings = WorkerSettings::from(&Settings::load(None)?).polling;
    settings.period = Duration::milliseconds(i64::from(period_ms));
    settings.kept_connections = kept_connections.unwrap_or(settings.kept_connections);
    settings.policy.allow_loopback = true;
    let owner = siteward_domain::JobId::generate(Utc::now()).to_string();
    let hub = LinkHub::new(store.clone(), Arc::new(SystemClock), ProcessAddress::unreachable(Utc::now()));
    let engine = Engine::start(store, settings, Arc::new(SystemClock), hub, owner);
    tokio::time::sleep(time.warm_up).await;
    let before = engine.status();
    let watch = Stopwatch::begin()?;
    tokio::time::sleep(time.measured).await;
    let after = engine.status();
    let found = watch.end()?;
    engine.stop().await;
    Ok(Found {
        polls: after.looks - before.looks - (after.failed - before.failed),
        polls_until_stopped: engine.status().looks - before.looks,
        devices: after.devices,
        connections: after.connections,
        failed: after.failed - before.failed,
        rows: after.rows - before.rows,
        lateness_p99_ms: after.lateness_p99_ms,
        ..found
    })
}
