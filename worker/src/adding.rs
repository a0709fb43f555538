//! The add wizard at work (R-D4 to R-D9): leads one serial from its label to a device of its site.
//!
//! Everything that is known stands in the addition's row, so a wizard goes on after a restart, in another process, or in
//! the background. What a device is about to be told (a password, a code) is sealed into the row before the device is
//! asked: a crash in between loses nothing that the device may have taken.
//!
//! A device meets each login at most once: one that it refused is erased and never tried again.

mod bringing;
mod doing;
mod given;
mod knowing;
mod leading;
mod upgrading;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use siteward_devices::Limits;
use siteward_domain::device_password::DevicePasswordRule;
use siteward_domain::{AdditionId, CompanyId};
use siteward_store::additions::Addition;
use siteward_store::{Store, StoreError, VaultError};

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::links::LinkHub;

/// Who asks gets an answer after so long; the addition goes on meanwhile.
const LONGEST_ANSWER: Duration = Duration::from_secs(20);

/// Why an addition could not go on. What a device says is no error: it is a state of the addition.
#[derive(Debug, thiserror::Error)]
pub enum AddingError {
    /// It is gone, or another company's.
    #[error("there is no such addition")]
    NotFound,
    /// It does not wait for that now.
    #[error("the addition does not wait for that now")]
    NotNow,
    /// The password cannot be one of a device.
    #[error(transparent)]
    WeakPassword(#[from] DevicePasswordRule),
    /// The store did not do what it should.
    #[error(transparent)]
    Store(StoreError),
    /// A secret does not open or close.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for AddingError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

/// Leads additions on. Cheap to clone.
#[derive(Clone)]
pub struct Adding {
    store: Store,
    clock: SharedClock,
    hub: LinkHub,
    limits: Limits,
}

/// One run at a time for each addition of this process, whoever leads it on, the API for a person or the worker for a job:
/// two would log in twice.
static TURNS: LazyLock<Mutex<HashMap<AdditionId, Turn>>> = LazyLock::new(Mutex::default);

type Turn = Arc<tokio::sync::Mutex<()>>;

impl std::fmt::Debug for Adding {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Adding(…)")
    }
}

/// How an addition is led on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Have the site's links look around first: a person says that something has changed (R-D5).
    pub look_again: bool,
    /// Make a verification code where the service is off and none was given: many are added in one go.
    pub make_code: bool,
    /// So often it waited already for a device that registers itself.
    pub waited: u32,
}

/// After so many looks, two minutes of them, a registration is not waited for any longer: a device whose network does not
/// reach the vendor's cloud is reached by its link all the same.
const MOST_WAITS: u32 = 12;

impl Manner {
    pub(crate) fn waited_enough(self) -> bool {
        self.waited >= MOST_WAITS
    }
}

impl Adding {
    /// What leads additions on in this process.
    pub fn new(store: Store, clock: SharedClock, hub: LinkHub, limits: Limits) -> Self {
        Self { store, clock, hub, limits }
    }

    /// Leads an addition as far as it goes without a person, and gives it as it then stands. Called twice it does no more
    /// than called once.
    ///
    /// After 20 s the answer is how it stands so far; it goes on in the background.
    pub async fn advance(&self, company: &CompanyId, id: &AdditionId) -> Result<Addition, AddingError> {
        self.advance_in(company, id, Manner::default()).await
    }

    /// The same, in a manner of one's own.
    pub async fn advance_in(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        manner: Manner,
    ) -> Result<Addition, AddingError> {
        let (this, its_company, its_id) = (self.clone(), company.clone(), id.clone());
        let running = tokio::spawn(async move { this.lead(&its_company, &its_id, manner).await });
        match tokio::time::timeout(LONGEST_ANSWER, running).await {
            Ok(Ok(led)) => led,
            Ok(Err(_)) => Err(StoreError::Unavailable("the work was broken off".to_owned()).into()),
            Err(_) => self.get(company, id).await,
        }
    }

    /// An addition as it stands.
    pub async fn get(&self, company: &CompanyId, id: &AdditionId) -> Result<Addition, AddingError> {
        let (company, id) = (company.clone(), id.clone());
        Ok(self.with_store(move |store| store.read(|conn| siteward_store::additions::get(conn, &company, &id))).await?)
    }

    /// The turn of one run for an addition.
    fn turn(id: &AdditionId) -> Turn {
        let mut all = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(all.entry(id.clone()).or_default())
    }

    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        on_blocking_thread(move || work(&store)).await
    }
}
