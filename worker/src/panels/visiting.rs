//! One visit to one panel: one login, whatever there is to do.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use siteward_devices::panel::{PanelAccount as Listed, PanelAccounts, PanelSession};
use siteward_devices::{CallError, DeviceClient};
use siteward_domain::DeviceId;
use siteward_domain::panel_accounts::{AccountMethod, next_change, wanted_accounts};
use siteward_store::panels::{self, Case, Outcome, Pace, Rest, Written};
use siteward_store::{Store, StoreError, panel_exits, polling};
use tokio_util::sync::CancellationToken;

use super::comparing::{Entry, compare, expect};
use super::concluding::{conclude, conclude_unread, intents, not_reached};
use super::repairing::{Hands, Secret, versions};
use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::reaching::{Reaching, breaker_after};

/// Time for the work on one panel; what is left is done in the next visit, after others had their turn.
const LONGEST_WORK: Duration = Duration::from_secs(45);

/// What every visit needs; shared by all of them.
pub(super) struct Visitor {
    pub(super) store: Store,
    pub(super) clock: SharedClock,
    pub(super) owner: String,
    pub(super) reaching: Reaching,
    pub(super) period: chrono::Duration,
    pub(super) stopping: CancellationToken,
}

/// What one visit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Visited {
    /// Accounts that changed, and exits that ended.
    pub(super) changed: u64,
    /// It did not get to the end.
    pub(super) failed: bool,
}

/// What the panel was found to list, and what was done.
struct Found {
    method: AccountMethod,
    listed: Vec<Listed>,
    entries: Vec<Entry>,
}

impl Visitor {
    /// Visits a panel and writes down what came of it.
    pub(super) async fn visit(&self, device: &DeviceId) -> Result<Visited, StoreError> {
        let id = device.clone();
        let case = self.with_store(move |store| store.read(|conn| panels::get_case(conn, &id))).await?;
        let Some(case) = case.map(Arc::new) else {
            return self.release(device).await.map(|()| Visited::default());
        };
        let now = self.clock.now();
        if let Some(exit) = case.exit.as_ref().filter(|exit| exit.give_up_at.is_some_and(|at| at <= now)) {
            let (company, exit) = (case.company_id.clone(), exit.exit_id.clone());
            let given_up = self
                .with_store(move |store| store.write(|conn| panel_exits::give_up(conn, &company, &exit, None, now)))
                .await;
            return match given_up {
                Ok(_) | Err(StoreError::Stale | StoreError::NotFound) => Ok(Visited { changed: 1, failed: false }),
                Err(error) => Err(error),
            };
        }
        let secrets = self.open_secrets(&case);
        let entries = expect(&wanted_accounts(&case.situation, now), &case.accounts, now);
        let mut refused = None;
        let outcome = match self.reaching.panel_client(&self.store, &case.company_id, &case.device_id, &case.way, now) {
            Err(resting) => {
                let rest = match case.way.breaker.as_ref().and_then(|breaker| breaker.until) {
                    Some(until) => Rest::Until(until),
                    None => Rest::Period,
                };
                Outcome {
                    accounts: not_reached(&entries),
                    reason_code: Some(resting.code()),
                    rest,
                    ..Outcome::default()
                }
            }
            Ok(mut client) => match self.work(&case, &mut client, entries, &secrets).await {
                Ok(outcome) => outcome,
                Err(Broken::Changed) => return self.release(device).await.map(|()| Visited::default()),
                Err(Broken::Store(error)) => return Err(error),
                Err(Broken::Call(error, outcome)) => {
                    let outcome = Outcome {
                        reason_code: Some(error.code()),
                        rest: rest_after(&case, &error, self.clock.now()),
                        ..*outcome
                    };
                    refused = Some(error);
                    outcome
                }
            },
        };
        self.write(case, outcome, refused).await
    }

    /// One session: what is there, what is to be done, doing it, and what is there then.
    async fn work(
        &self,
        case: &Arc<Case>,
        client: &mut DeviceClient,
        entries: Vec<Entry>,
        secrets: &HashMap<String, Secret>,
    ) -> Result<Outcome, Broken> {
        let unread = |entries: &[Entry]| Box::new(Outcome { accounts: not_reached(entries), ..Outcome::default() });
        let mut session = match PanelSession::open(client, None).await {
            Ok(session) => session,
            Err(error) => return Err(Broken::Call(error, unread(&entries))),
        };
        let worked = match first_look(&mut session, case).await {
            Ok((accounts, listed)) => {
                let mut found = Found { method: method_of(accounts), listed, entries };
                self.repair(case, &mut session, accounts, &mut found, secrets).await
            }
            Err(error) => Err(Broken::Call(error, unread(&entries))),
        };
        session.close().await;
        worked
    }

    async fn repair(
        &self,
        case: &Arc<Case>,
        session: &mut PanelSession<'_>,
        accounts: PanelAccounts,
        found: &mut Found,
        secrets: &HashMap<String, Secret>,
    ) -> Result<Outcome, Broken> {
        let held = versions(secrets);
        let login = &case.way.user_name;
        compare(&mut found.entries, &found.listed, found.method, login, &held, self.clock.now());
        let intents = intents(&found.entries);
        if !intents.is_empty() {
            let (case, owner, method, now) = (Arc::clone(case), self.owner.clone(), found.method, self.clock.now());
            let written = self.with_store(move |store| {
                store.write(|conn| panels::write_intents(conn, &case, &owner, method, &intents, now))
            });
            match written.await {
                Ok(()) => {}
                Err(StoreError::Stale) => return Err(Broken::Changed),
                Err(error) => return Err(Broken::Store(error)),
            }
        }
        let end = Instant::now() + LONGEST_WORK;
        let mut hands = Hands { session, accounts, secrets, stopping: &self.stopping, end };
        let repaired = hands.repair(&found.entries).await;
        let read = match &repaired.failed {
            Some(error) => Err(error.clone()),
            None if repaired.wrote => accounts.list(session).await,
            None => Ok(std::mem::take(&mut found.listed)),
        };
        let now = self.clock.now();
        match read {
            Ok(listed) => Ok(conclude(&found.entries, &repaired, &listed, found.method, &held, now)),
            Err(error) => {
                let unread = conclude_unread(&found.entries, &repaired, now);
                Err(Broken::Call(error, Box::new(Outcome { method: Some(found.method), ..unread })))
            }
        }
    }

    /// Writes down what came of a visit; a login that was refused is not repeated by anybody (R-H3).
    async fn write(
        &self,
        case: Arc<Case>,
        outcome: Outcome,
        refused: Option<CallError>,
    ) -> Result<Visited, StoreError> {
        let (owner, now) = (self.owner.clone(), self.clock.now());
        let pace = Pace { period: self.period, next_change: next_change(&case.situation, now) };
        let changed = (outcome.accounts.len() + outcome.removed.len()) as u64;
        let failed = outcome.reason_code.is_some();
        let breaker = refused
            .filter(|_| case.exit.is_none())
            .and_then(|error| breaker_after(&case.device_id, case.way.credential_version, &error, now));
        let nothing_new =
            changed == 0 && outcome.events.is_empty() && outcome.dropped.is_empty() && case.exit.is_none();
        let device = case.device_id.clone();
        let written = self
            .with_store(move |store| {
                let write = |conn: &mut siteward_store::DbConn| {
                    let written = panels::write_outcome(conn, &case, &owner, &outcome, pace, now)?;
                    if let Some(breaker) = &breaker {
                        polling::open_breaker(conn, breaker, now)?;
                    }
                    Ok(written)
                };
                // That nothing has changed need not survive a loss of power.
                if nothing_new && breaker.is_none() { store.write_relaxed(write) } else { store.write(write) }
            })
            .await;
        match written {
            Ok(Written::Ended) => {
                tracing::info!(device.id = %device, "a panel that left is proved clean");
                Ok(Visited { changed: changed + 1, failed: false })
            }
            Ok(Written::GoesOn) => Ok(Visited { changed, failed }),
            Err(StoreError::Stale) => Ok(Visited::default()),
            Err(error) => Err(error),
        }
    }

    fn open_secrets(&self, case: &Case) -> HashMap<String, Secret> {
        let open = |held: &panels::Held| {
            let opened = held.open(self.store.vault(), &case.company_id);
            let password = opened.inspect_err(|error| tracing::warn!(%error, "a held password does not open")).ok()?;
            Some((held.person_id.clone(), Secret { version: held.version, password }))
        };
        case.passwords.iter().filter_map(open).collect()
    }

    async fn release(&self, device: &DeviceId) -> Result<(), StoreError> {
        let (owner, device) = (self.owner.clone(), device.clone());
        self.with_store(move |store| store.write_relaxed(|conn| panels::release(conn, &owner, &device))).await
    }

    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        on_blocking_thread(move || work(&store)).await
    }
}

/// Why a visit did not get to the end.
enum Broken {
    /// Something changed in the middle: it begins anew.
    Changed,
    /// The store did not do what it should.
    Store(StoreError),
    /// The panel did not; what is to be written all the same.
    Call(CallError, Box<Outcome>),
}

/// How the panel keeps its accounts, and which there are. What it was before is believed until it does not hold.
async fn first_look(session: &mut PanelSession<'_>, case: &Case) -> Result<(PanelAccounts, Vec<Listed>), CallError> {
    if let Some(method) = case.method {
        let accounts = match method {
            AccountMethod::CloudUserManage => PanelAccounts::CloudUsers,
            AccountMethod::ConfigurationUsers => PanelAccounts::ConfiguredUsers,
        };
        match accounts.list(session).await {
            Err(CallError::NotSupported) => {}
            listed => return Ok((accounts, listed?)),
        }
    }
    let accounts = PanelAccounts::of(session).await?;
    let listed = accounts.list(session).await?;
    Ok((accounts, listed))
}

fn method_of(accounts: PanelAccounts) -> AccountMethod {
    match accounts {
        PanelAccounts::CloudUsers => AccountMethod::CloudUserManage,
        PanelAccounts::ConfiguredUsers => AccountMethod::ConfigurationUsers,
    }
}

/// When a panel is tried again that did not do what it should.
fn rest_after(case: &Case, error: &CallError, now: DateTime<Utc>) -> Rest {
    match error {
        // The breaker of its device says when.
        CallError::LoginRefused { .. } if case.exit.is_none() => Rest::Period,
        CallError::LoginRefused { .. } => Rest::ForGood,
        CallError::Locked { until } => {
            Rest::Until(until.filter(|until| *until > now).unwrap_or(now + crate::reaching::LOCK_WITHOUT_END))
        }
        CallError::NotSupported | CallError::LowPrivilege => Rest::Period,
        _ => Rest::Failed,
    }
}
