//! Connections to devices of open sessions, kept between the requests of a page: each has logged in once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use siteward_devices::DeviceClient;
use siteward_domain::RemoteSessionId;
use siteward_store::devices::Device;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections of one session at once: devices have few to give.
const MOST_AT_ONCE: usize = 4;
/// Unused connections are closed after so long.
const LONGEST_IDLE: Duration = Duration::from_secs(60);
/// How long a request waits for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The connections of this process. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Pools(Arc<Mutex<HashMap<RemoteSessionId, Pool>>>);

struct Pool {
    /// What the clients were made for: address and login of then.
    version: (i32, i32),
    idle: Vec<DeviceClient>,
    turns: Arc<Semaphore>,
    used: Instant,
}

/// A turn, and a kept client where there is one.
pub(super) struct Turn {
    pub(super) client: Option<DeviceClient>,
    version: (i32, i32),
    _permit: OwnedSemaphorePermit,
}

impl Pools {
    /// Waits for a turn; `None`: too many others wait.
    pub(super) async fn take(&self, session: &RemoteSessionId, device: &Device) -> Option<Turn> {
        let version = (device.credential_version, device.config_version);
        let turns = {
            let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            pools.retain(|id, pool| id == session || pool.used.elapsed() < LONGEST_IDLE);
            let pool = pools.entry(session.clone()).or_insert_with(|| Pool {
                version,
                idle: Vec::new(),
                turns: Arc::new(Semaphore::new(MOST_AT_ONCE)),
                used: Instant::now(),
            });
            if pool.version != version || pool.used.elapsed() >= LONGEST_IDLE {
                pool.version = version;
                pool.idle.clear();
            }
            pool.used = Instant::now();
            Arc::clone(&pool.turns)
        };
        let permit = tokio::time::timeout(LONGEST_WAIT, turns.acquire_owned()).await.ok()?.ok()?;
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let client = pools.get_mut(session).filter(|pool| pool.version == version).and_then(|pool| pool.idle.pop());
        Some(Turn { client, version, _permit: permit })
    }

    /// Keeps a client that answered well for the next request.
    pub(super) fn give_back(&self, session: &RemoteSessionId, turn: &Turn, client: DeviceClient) {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get_mut(session).filter(|pool| pool.version == turn.version) {
            pool.used = Instant::now();
            pool.idle.push(client);
        }
    }

    /// Closes the connections of a session.
    pub(crate) fn end(&self, session: &RemoteSessionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
    }
}
