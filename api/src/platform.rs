//! What every handler works with: store, settings, clock, devices, live events.

use std::sync::Arc;

use siteward_devices::Limits;
use siteward_domain::firmware::FirmwareKnowledge;
use siteward_store::{DbConn, Store, StoreError};
use siteward_worker::adding::Adding;
use siteward_worker::clock::SharedClock;
use siteward_worker::links::LinkHub;
use siteward_worker::settings::Settings;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::captchas::Pace;
use crate::device_events::Listening;
use crate::error::{ApiError, codes};
use crate::lenses::Lenses;
use crate::live::Live;
use crate::my::ptz::{Moves, PTZ};
use crate::places::Places;
use crate::recordings::{CLIPS, SEARCHES};
use crate::remote::Pools;
use crate::session::guessing::Lanes;

/// Pictures searched at once: each keeps one core busy.
const PICTURES_AT_ONCE: usize = 2;

/// Links to a new password that are being mailed at once; nobody waits for them.
const RESETS_AT_ONCE: usize = 64;

/// Passwords hashed at once, however many cores there are.
const MOST_HASHES_AT_ONCE: usize = 8;
/// How long a password waits for its turn to be hashed.
const LONGEST_HASH_WAIT: std::time::Duration = std::time::Duration::from_secs(10);

/// Everything behind the handlers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Platform {
    pub(crate) store: Store,
    pub(crate) settings: Arc<Settings>,
    pub(crate) clock: SharedClock,
    pub(crate) live: Live,
    pub(crate) pictures: Arc<Semaphore>,
    pub(crate) sign_in_lanes: Lanes,
    /// Links to a new password that are being mailed.
    pub(crate) resets_at_once: Arc<Semaphore>,
    hashing: Arc<Semaphore>,
    firmware: Arc<FirmwareKnowledge>,
    /// How many captchas each person asked for lately.
    pub(crate) captchas: Pace,
    /// How often each end user asked whose a device is lately.
    pub(crate) scans: Pace,
    /// What devices push.
    pub(crate) listening: Listening,
    /// The links held here, and the way to all others.
    pub(crate) hub: LinkHub,
    /// Leads additions on.
    pub(crate) adding: Adding,
    /// The runtime of the process, which outlives the threads of requests.
    pub(crate) runtime: tokio::runtime::Handle,
    /// Connections of sessions of remote configuration.
    pub(crate) remote_pools: Pools,
    /// The channels that end users watch.
    pub(crate) lenses: Lenses,
    /// The recordings that are being fetched.
    pub(crate) clips: Places,
    /// The questions for what is recorded.
    pub(crate) searches: Places,
    /// The cameras that end users move or ask for places.
    pub(crate) ptz: Places,
    /// Who moved what just now.
    pub(crate) moves: Moves,
    /// Wakes the worker in this process, where there is one.
    pub(crate) wake_worker: Arc<dyn Fn() + Send + Sync>,
}

/// What devices are judged by.
#[derive(Debug, Clone)]
pub(crate) struct Yardstick {
    /// The period of polling, which decides what is fresh.
    pub(crate) period: chrono::Duration,
    /// What is known of firmwares.
    pub(crate) firmware: Arc<FirmwareKnowledge>,
}

impl Platform {
    /// Made once a process, on its runtime.
    pub(crate) fn new(
        store: Store,
        settings: Settings,
        clock: SharedClock,
        live: Live,
        hub: LinkHub,
        wake_worker: Arc<dyn Fn() + Send + Sync>,
        firmware: Arc<FirmwareKnowledge>,
    ) -> Self {
        let pictures = Arc::new(Semaphore::new(PICTURES_AT_ONCE));
        // Each hash takes a core and 19 MiB: without a bound, a flood of sign-ins would take all memory.
        let at_once = std::thread::available_parallelism().map_or(2, usize::from).min(MOST_HASHES_AT_ONCE);
        let hashing = Arc::new(Semaphore::new(at_once));
        let (settings, sign_in_lanes) = (Arc::new(settings), Lanes::new());
        let limits = Limits::from(&settings.devices);
        let adding = Adding::new(store.clone(), Arc::clone(&clock), hub.clone(), limits);
        Self {
            store,
            settings,
            clock,
            live,
            pictures,
            sign_in_lanes,
            resets_at_once: Arc::new(Semaphore::new(RESETS_AT_ONCE)),
            hashing,
            firmware,
            captchas: Pace::default(),
            scans: Pace::default(),
            listening: Listening::default(),
            hub,
            adding,
            runtime: tokio::runtime::Handle::current(),
            remote_pools: Pools::default(),
            lenses: Lenses::default(),
            clips: Places::new(CLIPS),
            searches: Places::new(SEARCHES),
            ptz: Places::new(PTZ),
            moves: Moves::default(),
            wake_worker,
        }
    }

    /// One look at the data, off the async threads.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut DbConn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let store = self.store.clone();
        Ok(off_thread(move || store.read(f)).await??)
    }

    /// One change of the data, off the async threads. `f` may run again, see [`Store::write`].
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut DbConn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let store = self.store.clone();
        Ok(off_thread(move || store.write(f)).await??)
    }

    /// Waits for one's turn to hash or compare a password: no more at once than there are cores.
    pub(crate) async fn turn_to_hash(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let busy = || ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(10);
        let turn = tokio::time::timeout(LONGEST_HASH_WAIT, Arc::clone(&self.hashing).acquire_owned());
        turn.await.map_err(|_| busy())?.map_err(|_| busy())
    }

    /// Whether text messages go from here to phones.
    pub(crate) fn sends_texts(&self) -> bool {
        self.settings.sms.url.is_some()
    }

    /// Whether browsers reach this server by TLS, as far as the settings tell.
    pub(crate) fn is_secure(&self) -> bool {
        let server = &self.settings.server;
        server.tls_certificate.is_some() || server.public_url.starts_with("https://")
    }

    /// The period of polling, which decides what is fresh.
    pub(crate) fn period(&self) -> chrono::Duration {
        chrono::Duration::seconds(i64::from(self.settings.polling.period_seconds))
    }

    /// What devices are judged by.
    pub(crate) fn yardstick(&self) -> Yardstick {
        Yardstick { period: self.period(), firmware: Arc::clone(&self.firmware) }
    }
}

/// Runs something that blocks or computes for long, off the async threads.
pub(crate) async fn off_thread<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(f)).await.map_err(ApiError::internal)
}
