//! Against guessing of passwords (R-S7, T13, T14): one try at a time an account, pauses that grow, then a lock.
//!
//! Everything goes by the hash of the e-mail address, so that an account that does not exist pauses
//! and locks like one that does. While an account is locked nothing is counted, so that nobody
//! prolongs the lock. Failures and locks are in the database and survive a restart.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use siteward_domain::staff::{FAILURE_WINDOW_SECONDS, FAILURES_TO_LOCK, LOCK_SECONDS};
use siteward_store::{DbConn, StoreError, sign_in};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::access::token;
use crate::error::{ApiError, codes};

/// Accounts that may be tried at once; two of one lane wait for each other.
const LANES: usize = 512;
/// How long a try waits for the try before it.
const LONGEST_WAIT: StdDuration = StdDuration::from_secs(10);
/// Failures from one address, over all accounts, within the window: more is no person any more.
const MOST_FAILURES_OF_ADDRESS: u64 = 50;

/// What is counted for an account: a hash of its address in small letters.
pub(crate) fn account_key(email: &str) -> String {
    token::hash(&format!("sign-in:{}", email.trim().to_lowercase()))
}

/// The lanes in which tries queue.
#[derive(Clone)]
pub(crate) struct Lanes(Arc<Vec<Arc<Mutex<()>>>>);

impl Lanes {
    pub(crate) fn new() -> Self {
        Self(Arc::new((0..LANES).map(|_| Arc::default()).collect()))
    }

    /// Waits for one's turn with this account.
    pub(crate) async fn enter(&self, account_key: &str) -> Result<OwnedMutexGuard<()>, ApiError> {
        let number = account_key.bytes().fold(0_usize, |sum, byte| (sum * 31 + usize::from(byte)) % LANES);
        let busy = || ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(10);
        let lane = self.0.get(number).cloned().ok_or_else(busy)?;
        tokio::time::timeout(LONGEST_WAIT, lane.lock_owned()).await.map_err(|_| busy())
    }
}

/// What is known before a try.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Locked until then.
    Locked(DateTime<Utc>),
    /// So much is refused from this address that it has to wait.
    AddressBusy,
    /// May be tried after a pause.
    Open(StdDuration),
}

/// Looks at what is known of an account and an address.
pub(crate) fn standing(
    conn: &mut DbConn,
    account_key: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Standing, StoreError> {
    if let Some(until) = sign_in::locked_until(conn, account_key, now)? {
        return Ok(Standing::Locked(until));
    }
    let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
    if sign_in::failures_from(conn, address, since)? >= MOST_FAILURES_OF_ADDRESS {
        return Ok(Standing::AddressBusy);
    }
    Ok(Standing::Open(pause(sign_in::failures_since(conn, account_key, since)?)))
}

/// Notes a failure and locks the account when it was one too many.
pub(crate) fn failed(
    conn: &mut DbConn,
    account_key: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sign_in::record_failure(conn, account_key, address, now)?;
    let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
    let failures = sign_in::failures_since(conn, account_key, since)?;
    if usize::try_from(failures).unwrap_or(usize::MAX) >= FAILURES_TO_LOCK {
        sign_in::lock(conn, account_key, now + Duration::seconds(LOCK_SECONDS))?;
    }
    Ok(())
}

/// The pause before the next try: none after the first failure, then doubling.
fn pause(failures: u64) -> StdDuration {
    match failures {
        0 | 1 => StdDuration::ZERO,
        more => StdDuration::from_millis(250_u64 << (more - 2).min(4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_with_failures() {
        let pauses: Vec<_> = (0..6).map(|failures| pause(failures).as_millis()).collect();
        assert_eq!(pauses, [0, 0, 250, 500, 1000, 2000]);
    }

    #[test]
    fn an_account_is_the_same_in_any_case_and_its_key_tells_no_address() {
        assert_eq!(account_key("Anna@Example.com "), account_key("anna@example.com"));
        assert!(!account_key("anna@example.com").contains("anna"));
    }
}
