//! Doing on a panel what a comparison found: accounts off, accounts on, passwords given.
//!
//! One account's refusal is that account's matter; what would meet every further call ends the work.

use std::collections::HashMap;
use std::time::Instant;

use rand::Rng as _;
use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::CallError;
use siteward_devices::panel::{AccountError, NewAccount, PanelAccounts, PanelSession};
use siteward_domain::device_password;
use tokio_util::sync::CancellationToken;

use super::comparing::{Entry, Task, panel_role};

/// The person's password is longer than any panel takes.
pub(super) const TOO_LONG: &str = "password_too_long_for_panel";
/// The panel does not take the person's password for another reason.
const PASSWORD_REFUSED: &str = "panel_password_refused";
/// The panel has no room.
pub(super) const FULL: &str = "panel_full";
/// The panel refused without a reason that is known here.
const REFUSED: &str = "panel_refused";
/// Most characters of a password on a panel.
const MOST_CHARACTERS: usize = device_password::MOST_CHARACTERS;
/// So many answers that got lost end the work: what was done is read back first.
const MOST_LOST: u32 = 3;

/// A login password that waits to be delivered, opened.
pub(super) struct Secret {
    pub(super) version: i32,
    pub(super) password: SecretString,
}

/// What became of one account.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    /// The panel says that it, or the one of its name that was in the way, is off.
    pub(super) deleted: bool,
    /// The panel took it, or a new password for it: which of the person's, or one at random.
    #[expect(clippy::option_option, reason = "nothing given, one at random, or one of the person's")]
    pub(super) given: Option<Option<i32>>,
    /// Which of the person's passwords it did not take, and why.
    pub(super) refused: Option<(i32, &'static str)>,
    /// Why it did not do something else.
    pub(super) reason: Option<&'static str>,
    /// It is not known whether it did it.
    pub(super) is_open: bool,
}

/// What became of all of it.
pub(super) struct Repaired {
    /// By place in the entries.
    pub(super) done: HashMap<usize, Done>,
    /// Why it ended early.
    pub(super) failed: Option<CallError>,
    /// It ran out of time.
    pub(super) is_unfinished: bool,
    /// Something was asked of the panel that changes it.
    pub(super) wrote: bool,
}

/// What works on a panel.
pub(super) struct Hands<'a, 's> {
    pub(super) session: &'a mut PanelSession<'s>,
    pub(super) accounts: PanelAccounts,
    /// By the person's id.
    pub(super) secrets: &'a HashMap<String, Secret>,
    pub(super) stopping: &'a CancellationToken,
    pub(super) end: Instant,
}

impl<'a> Hands<'a, '_> {
    /// Does every task: first what goes, then what comes, then passwords, for a panel has few places.
    pub(super) async fn repair(&mut self, entries: &[Entry]) -> Repaired {
        let mut all = Repaired { done: HashMap::new(), failed: None, is_unfinished: false, wrote: false };
        let mut lost = 0;
        for task in [Task::Delete, Task::Create, Task::SetPassword] {
            for (place, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.tasks.contains(&task)) {
                let done = all.done.entry(place).or_default();
                if task == Task::Create && entry.tasks.contains(&Task::Delete) && !done.deleted {
                    continue;
                }
                if Instant::now() >= self.end || self.stopping.is_cancelled() || lost >= MOST_LOST {
                    all.is_unfinished = true;
                    return all;
                }
                let result = match task {
                    Task::Delete => self.delete(entry, done, &mut all.wrote).await,
                    Task::Create => self.create(entry, done, &mut all.wrote).await,
                    Task::SetPassword => self.set_password(entry, done, &mut all.wrote).await,
                };
                match result {
                    Ok(()) => {}
                    Err(AccountError::NotKnown(error)) => {
                        tracing::debug!(code = error.code(), ?task, "an answer of a panel got lost");
                        done.is_open = true;
                        lost += 1;
                    }
                    Err(AccountError::Call(error)) if ends_all(&error) => {
                        all.failed = Some(error);
                        return all;
                    }
                    Err(error) => done.reason = Some(code_of(&error)),
                }
            }
        }
        all
    }

    async fn delete(&mut self, entry: &Entry, done: &mut Done, wrote: &mut bool) -> Result<(), AccountError> {
        let Some(listed) = &entry.listed else { return Ok(()) };
        *wrote = true;
        self.accounts.delete(self.session, listed.index).await?;
        done.deleted = true;
        Ok(())
    }

    async fn create(&mut self, entry: &Entry, done: &mut Done, wrote: &mut bool) -> Result<(), AccountError> {
        let role = panel_role(&entry.row.role);
        let random = random_password();
        let new = NewAccount {
            user_name: &entry.row.user_name,
            password: &random,
            role: &role,
            email: entry.email.as_deref(),
        };
        *wrote = true;
        if let Some(secret) = self.own(entry, done) {
            let own = NewAccount { password: &secret.password, ..new };
            match self.accounts.create(self.session, own).await {
                Ok(_) => {
                    done.given = Some(Some(secret.version));
                    return Ok(());
                }
                Err(AccountError::PasswordRefused { code }) => {
                    done.refused = Some((secret.version, reason_of(&code)));
                }
                Err(error) => return Err(error),
            }
        }
        self.accounts.create(self.session, new).await?;
        done.given = Some(None);
        Ok(())
    }

    async fn set_password(&mut self, entry: &Entry, done: &mut Done, wrote: &mut bool) -> Result<(), AccountError> {
        let Some(listed) = &entry.listed else { return Ok(()) };
        if let Some(secret) = self.own(entry, done) {
            *wrote = true;
            match self.accounts.set_password(self.session, listed, &secret.password).await {
                Ok(()) => {
                    done.given = Some(Some(secret.version));
                    return Ok(());
                }
                Err(AccountError::PasswordRefused { code }) => {
                    done.refused = Some((secret.version, reason_of(&code)));
                }
                Err(error) => return Err(error),
            }
        }
        if entry.row.index.is_some() {
            // It keeps the password it has.
            return Ok(());
        }
        *wrote = true;
        self.accounts.set_password(self.session, listed, &random_password()).await?;
        done.given = Some(None);
        Ok(())
    }

    /// The person's own password that waits and that the panel may take.
    fn own(&self, entry: &Entry, done: &mut Done) -> Option<&'a Secret> {
        let owner = entry.row.owner.as_ref()?;
        let secret = self.secrets.get(&owner.id)?;
        if entry.row.refused_version >= Some(secret.version) {
            return None;
        }
        if secret.password.expose_secret().chars().count() > MOST_CHARACTERS {
            done.refused = Some((secret.version, TOO_LONG));
            return None;
        }
        Some(secret)
    }
}

/// A password that nobody knows.
fn random_password() -> SecretString {
    let mut random = [0_u8; 64];
    rand::rng().fill_bytes(&mut random);
    SecretString::from(device_password::generate(&random))
}

fn reason_of(code: &str) -> &'static str {
    if code.eq_ignore_ascii_case("passwordLenNoMoreThan16") { TOO_LONG } else { PASSWORD_REFUSED }
}

fn code_of(error: &AccountError) -> &'static str {
    match error {
        AccountError::Full => FULL,
        AccountError::PasswordRefused { code } => reason_of(code),
        AccountError::Call(CallError::Refused { .. } | CallError::NotSupported) => REFUSED,
        error => error.code(),
    }
}

/// Whether every further call would meet the same.
fn ends_all(error: &CallError) -> bool {
    !matches!(error, CallError::NotSupported | CallError::Refused { .. } | CallError::BadAnswer { .. })
}

/// What waits, by whose it is.
pub(super) fn versions(secrets: &HashMap<String, Secret>) -> HashMap<String, i32> {
    secrets.iter().map(|(staff, secret)| (staff.clone(), secret.version)).collect()
}
