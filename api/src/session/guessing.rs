//! Against guessing of passwords (R-S7, T13, T14): one try at a time an account, pauses that grow, then a lock.
//!
//! Everything goes by the hash of the e-mail address, so that an account that does not exist pauses
//! and locks like one that does. While an account is locked nothing is counted, so that nobody
//! prolongs the lock; and after a lock it rests unlocked for a while, every try slowed down, so that nobody who
//! goes on guessing keeps its owner out. Failures and locks are in the database and survive a restart.

use std::net::{IpAddr, Ipv6Addr};
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
/// After a lock has ended the account is not locked anew for so long: the time of its owner to get in.
const REST_SECONDS: i64 = 15 * 60;
/// The pause before each try meanwhile. All tries of an account queue, so this bounds guessing by however many.
const PAUSE_AT_REST: StdDuration = StdDuration::from_millis(500);
/// Failures from one address, over all accounts, within the window: more is no person any more.
const MOST_FAILURES_OF_ADDRESS: u64 = 50;
/// The address of failures that were counted for theirs already.
const NO_ADDRESS: &str = "";

/// Where somebody signs in. What fails at one door never locks the other, even for the same address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Of staff.
    Staff,
    /// Of end users.
    EndUser,
}

impl Door {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Staff => "",
            Self::EndUser => "end-user:",
        }
    }
}

/// What is counted for an account: a hash of its address in small letters.
pub(crate) fn account_key(door: Door, email: &str) -> String {
    token::hash(&format!("{}sign-in:{}", door.prefix(), email.trim().to_lowercase()))
}

/// What wrong codes of the second factor are counted under, beside the account: whoever gives one knows the password, so
/// there is no rest after a lock here, in which a million codes could be tried one after the other.
pub(crate) fn code_key(door: Door, email: &str) -> String {
    token::hash(&format!("{}second-factor:{}", door.prefix(), email.trim().to_lowercase()))
}

/// What failures of a network address are counted under: an IPv6 customer has a whole /64 to guess from.
pub(crate) fn address_key(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        _ => address.to_owned(),
    }
}

/// The lanes in which tries queue: first those of one address for one account, then all of the account. So an
/// address that floods an account takes one place of its queue and no more.
#[derive(Clone)]
pub(crate) struct Lanes {
    of_address: Arc<Vec<Arc<Mutex<()>>>>,
    of_account: Arc<Vec<Arc<Mutex<()>>>>,
}

/// One's turn; over when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _of_account: OwnedMutexGuard<()>,
    _of_address: OwnedMutexGuard<()>,
}

impl Lanes {
    pub(crate) fn new() -> Self {
        let lanes = || Arc::new((0..LANES).map(|_| Arc::default()).collect());
        Self { of_address: lanes(), of_account: lanes() }
    }

    /// Waits for one's turn with this account.
    pub(crate) async fn enter(&self, account_key: &str, address: &str) -> Result<Turn, ApiError> {
        let of_address = queue(&self.of_address, &token::hash(&format!("{account_key} {address}"))).await?;
        let of_account = queue(&self.of_account, account_key).await?;
        Ok(Turn { _of_account: of_account, _of_address: of_address })
    }
}

async fn queue(lanes: &[Arc<Mutex<()>>], key: &str) -> Result<OwnedMutexGuard<()>, ApiError> {
    let number = key.bytes().fold(0_usize, |sum, byte| (sum * 31 + usize::from(byte)) % LANES);
    let busy = || ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(10);
    let lane = lanes.get(number).cloned().ok_or_else(busy)?;
    tokio::time::timeout(LONGEST_WAIT, lane.lock_owned()).await.map_err(|_| busy())
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
    if is_busy(conn, address, now)? {
        return Ok(Standing::AddressBusy);
    }
    let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
    if rests(conn, account_key, now)? {
        return Ok(Standing::Open(PAUSE_AT_REST));
    }
    Ok(Standing::Open(pause(sign_in::failures_since(conn, account_key, since)?)))
}

/// Whether so much was refused from an address that it has to wait.
pub(crate) fn is_busy(conn: &mut DbConn, address: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
    Ok(sign_in::failures_from(conn, address, since)? >= MOST_FAILURES_OF_ADDRESS)
}

/// Whether a lock ended so lately that there is no other yet.
fn rests(conn: &mut DbConn, account_key: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let last = sign_in::last_lock(conn, account_key)?;
    Ok(last.is_some_and(|ended| ended <= now && now < ended + Duration::seconds(REST_SECONDS)))
}

/// Notes a failure and locks the account when it was one too many, unless it rests from a lock.
pub(crate) fn failed(
    conn: &mut DbConn,
    account_key: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sign_in::record_failure(conn, account_key, address, now)?;
    let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
    let failures = sign_in::failures_since(conn, account_key, since)?;
    if enough_to_lock(failures) && !rests(conn, account_key, now)? {
        sign_in::lock(conn, account_key, now + Duration::seconds(LOCK_SECONDS))?;
    }
    Ok(())
}

/// Notes a wrong code of the second factor: a failure of the account like any other, and one of the codes alone.
pub(crate) fn failed_code(
    conn: &mut DbConn,
    account_key: &str,
    code_key: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    failed(conn, account_key, address, now)?;
    sign_in::record_failure(conn, code_key, NO_ADDRESS, now)?;
    let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
    if enough_to_lock(sign_in::failures_since(conn, code_key, since)?) {
        sign_in::lock(conn, code_key, now + Duration::seconds(LOCK_SECONDS))?;
    }
    Ok(())
}

/// Forgets failures and locks of an account: after a good sign-in, or by an administrator.
pub(crate) fn forget(conn: &mut DbConn, door: Door, email: &str) -> Result<(), StoreError> {
    sign_in::clear(conn, &account_key(door, email))?;
    sign_in::clear(conn, &code_key(door, email))
}

fn enough_to_lock(failures: u64) -> bool {
    usize::try_from(failures).unwrap_or(usize::MAX) >= FAILURES_TO_LOCK
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
        let key = |email| account_key(Door::Staff, email);
        assert_eq!(key("Anna@Example.com "), key("anna@example.com"));
        assert!(!key("anna@example.com").contains("anna"));
        assert_ne!(key("anna@example.com"), account_key(Door::EndUser, "anna@example.com"));
        assert_ne!(code_key(Door::Staff, "anna@example.com"), code_key(Door::EndUser, "anna@example.com"));
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        for (address, key) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
            ("", ""),
        ] {
            assert_eq!(address_key(address), key);
        }
    }

    #[tokio::test]
    async fn an_address_takes_one_place_in_the_queue_of_an_account() {
        let lanes = Lanes::new();
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let held = lanes.enter("account", "192.0.2.1").await.unwrap();
        let mut tries = Vec::new();
        for address in std::iter::repeat_n("192.0.2.1", 20).chain(["192.0.2.2"]) {
            let (lanes, order) = (lanes.clone(), Arc::clone(&order));
            tries.push(tokio::spawn(async move {
                let turn = lanes.enter("account", address).await.unwrap();
                order.lock().unwrap().push(address);
                drop(turn);
            }));
            tokio::task::yield_now().await;
        }
        drop(held);
        for one in tries {
            one.await.unwrap();
        }
        let place = order.lock().unwrap().iter().position(|address| *address == "192.0.2.2");
        assert!(place.unwrap() <= 1, "{order:?}");
    }
}
