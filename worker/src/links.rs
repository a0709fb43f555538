//! The links of this process: agents in customers' LANs that dialled in, and what is asked of devices through them.
//!
//! A link's session ends in one process; its row says in which (`holder`). Whoever needs the link in another process
//! reaches it through that one, over a WebSocket between the two that carries the same streams. So `transport` and
//! `command` are the same everywhere, and nobody above asks where a link is connected.
//!
//! **Invariant:** a link is named by its id alone here. Callers take that id from a row of their own company; nothing in
//! this module looks for a link by anything that a person or a device said.

mod calling;
mod forwarding;
mod keeping;
mod reaching;
mod session;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use siteward_devices::Transport;
use siteward_devices::transport::LinkRoute;
use siteward_devices::tunnel::Mux;
use siteward_domain::{JobId, LinkId, SerialNumber};
use siteward_store::Store;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use reaching::{Far, Route};

pub use forwarding::FORWARD_HEADER;

/// The reason of [`siteward_devices::CallError::Unreachable`] while no session of the link can be reached.
pub(crate) const LINK_DOWN: &str = "link_down";
/// Reasons that only a link that is there can give.
pub(crate) const TOLD_BY_LINK: [&str; 4] = ["refused", "no_route", "unknown_device", "port_not_allowed"];
/// A link is asked to look around of its own accord at most so often.
const LOOK_AROUND_EVERY: Duration = Duration::from_secs(20);

/// What this process is called among the others on its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessAddress {
    /// Its name, new at every start.
    pub id: String,
    /// Where other processes reach it; `None` where they cannot, and then it holds no link.
    pub url: Option<String>,
}

impl ProcessAddress {
    /// A process that others reach at `url`.
    pub fn reachable(url: impl Into<String>, now: DateTime<Utc>) -> Self {
        Self { url: Some(url.into()), ..Self::unreachable(now) }
    }

    /// A process that nobody reaches: it holds no link.
    pub fn unreachable(now: DateTime<Utc>) -> Self {
        Self { id: JobId::generate(now).to_string(), url: None }
    }
}

/// The links held by this process, and the way to those held by others. Cheap to clone.
#[derive(Clone)]
pub struct LinkHub(Arc<Inner>);

struct Inner {
    store: Store,
    clock: SharedClock,
    own: ProcessAddress,
    /// Where other processes reach this one, where that was learnt later.
    url: OnceLock<String>,
    /// The sessions that end here.
    held: Mutex<HashMap<LinkId, Held>>,
    /// The way to links held elsewhere.
    far: Mutex<HashMap<LinkId, Arc<Far>>>,
    looked_around: Mutex<HashMap<LinkId, Instant>>,
    answering: calling::Answering,
    /// Tags that were shown lately: each is good once.
    tags: forwarding::Shown,
}

/// A session that ends in this process.
#[derive(Clone)]
struct Held {
    session: String,
    mux: Mux,
    since: Instant,
    /// Ends the reading of its reports.
    ended: CancellationToken,
}

impl Held {
    fn end(&self) {
        self.ended.cancel();
        self.mux.close();
    }
}

impl std::fmt::Debug for LinkHub {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("LinkHub").field("own", &self.0.own).finish_non_exhaustive()
    }
}

impl LinkHub {
    /// The hub of a process; one each. It keeps its sessions' rows fresh on the current runtime until it is dropped.
    pub fn new(store: Store, clock: SharedClock, own: ProcessAddress) -> Self {
        let hub = Self(Arc::new(Inner {
            store,
            clock,
            own,
            url: OnceLock::new(),
            held: Mutex::default(),
            far: Mutex::default(),
            looked_around: Mutex::default(),
            answering: calling::Answering::default(),
            tags: forwarding::Shown::default(),
        }));
        tokio::spawn(keeping::keep(Arc::downgrade(&hub.0)));
        hub
    }

    /// Tells where other processes reach this one, once its port is known. Only the first word counts, and only where
    /// the process was made without.
    pub fn set_url(&self, url: impl Into<String>) {
        let _ = self.0.url.set(url.into());
    }

    fn url(&self) -> Option<&str> {
        self.0.own.url.as_deref().or(self.0.url.get().map(String::as_str))
    }

    /// The way to a device behind a link. It dials when it is used.
    pub fn transport(&self, link: &LinkId, serial: &SerialNumber) -> Transport {
        let dialer = Arc::new(Route { hub: self.clone(), link: link.clone() });
        Transport::from(LinkRoute { serial: serial.clone(), dialer })
    }

    /// Whether the session of a link is held by this process now.
    pub fn holds(&self, link: &LinkId) -> bool {
        self.find_held(link).is_some()
    }

    /// Ends the session of a link at once, if it is held here: it was revoked.
    pub fn end(&self, link: &LinkId) {
        let held = self.held().remove(link);
        if let Some(held) = held {
            tracing::info!(link.id = %link, "the session of a link is ended");
            held.end();
        }
    }

    /// Ends all sessions held here and says so in their rows: this process stops, and its links go elsewhere.
    pub async fn close(&self) {
        let all: Vec<(LinkId, Held)> = self.held().drain().collect();
        for (link, held) in all {
            held.end();
            self.note_end(&link, &held.session).await;
        }
    }

    /// Asks a link to look around soon; not more often than makes sense, and nobody waits for it.
    pub(crate) fn look_around(&self, link: &LinkId) {
        let mut asked = self.0.looked_around.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, at| at.elapsed() < LOOK_AROUND_EVERY);
        if asked.contains_key(link) {
            return;
        }
        asked.insert(link.clone(), Instant::now());
        drop(asked);
        let (hub, link) = (self.clone(), link.clone());
        tokio::spawn(async move {
            if let Err(error) = hub.discover(&link).await {
                tracing::debug!(link.id = %link, %error, "a link did not look around");
            }
        });
    }

    /// The session of a link, if it is held here and alive.
    fn find_held(&self, link: &LinkId) -> Option<Held> {
        self.held().get(link).filter(|held| !held.mux.is_closed()).cloned()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<LinkId, Held>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works with the store on a blocking thread.
    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, siteward_store::StoreError> + Send + 'static,
    ) -> Result<T, siteward_store::StoreError> {
        let store = self.0.store.clone();
        crate::job::on_blocking_thread(move || work(&store)).await
    }
}
