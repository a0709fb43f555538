//! Wanted against there: what is to be done on a panel. Nothing here asks a panel or the clock.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use siteward_devices::panel::PanelAccount as Listed;
use siteward_domain::PanelAccountId;
use siteward_domain::panel::PanelRole;
use siteward_domain::panel_accounts::{AccountMethod, AccountRole, AccountState, Wanted, user_names};
use siteward_store::panel_accounts::{Owner, PanelAccount};

/// The account is the one that the platform itself logs in with: it is left alone.
pub(super) const LOGIN_ACCOUNT: &str = "panel_login_account";
/// What the factory calls its installer on panels that do not tell it apart from others [?].
const FACTORY_INSTALLER: &str = "installer";

/// What one account needs, in this order: another one of its name off, itself off, itself on, another password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// Take it off.
    Delete,
    /// Put it on.
    Create,
    /// Give it a password: the person's own that waits, or one at random.
    SetPassword,
}

/// An account in the course of one comparison.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// As it stands by now.
    pub(super) row: PanelAccount,
    /// As it was written down.
    pub(super) before: Option<PanelAccount>,
    /// An account of the same name that was somebody else's: it goes first.
    pub(super) replaced: Option<PanelAccount>,
    /// The person's address; `None`: nobody should have the account.
    pub(super) email: Option<String>,
    /// As the panel listed it.
    pub(super) listed: Option<Listed>,
    /// What is to be done on the panel.
    pub(super) tasks: Vec<Task>,
}

impl Entry {
    pub(super) fn is_wanted(&self) -> bool {
        self.email.is_some()
    }

    /// It goes, or somebody else's of its name does.
    pub(super) fn is_leaving(&self) -> bool {
        !self.is_wanted() && self.row.state == AccountState::Removing
    }

    fn of(row: PanelAccount) -> Self {
        Self { before: Some(row.clone()), row, replaced: None, email: None, listed: None, tasks: Vec::new() }
    }

    fn found(listed: &Listed, now: DateTime<Utc>) -> Self {
        let row = PanelAccount {
            id: PanelAccountId::generate(now),
            owner: None,
            user_name: listed.user_name.clone(),
            role: listed.role.as_str().to_owned(),
            because: None,
            state: AccountState::Unexpected,
            reason_code: None,
            index: Some(listed.index),
            password_version: None,
            refused_version: None,
            since: now,
        };
        Self { row, before: None, replaced: None, email: None, listed: Some(listed.clone()), tasks: Vec::new() }
    }

    fn wanted(wanted: &Wanted, name: String, before: Option<PanelAccount>, now: DateTime<Utc>) -> Self {
        let owner = Owner { kind: wanted.person.kind, id: wanted.person.id.clone(), name: wanted.person.name.clone() };
        let is_of_another = |row: &&PanelAccount| {
            row.owner.as_ref().is_some_and(|other| (other.kind, &other.id) != (owner.kind, &owner.id))
        };
        let replaced = before.as_ref().filter(is_of_another).map(|row| {
            let since = if row.state == AccountState::Removing { row.since } else { now };
            PanelAccount { state: AccountState::Removing, since, ..row.clone() }
        });
        let before = before.filter(|_| replaced.is_none());
        let fresh = PanelAccount {
            id: PanelAccountId::generate(now),
            owner: Some(owner.clone()),
            user_name: name,
            role: String::new(),
            because: None,
            state: AccountState::Adding,
            reason_code: None,
            index: None,
            password_version: None,
            refused_version: None,
            since: now,
        };
        let mut row = before.clone().unwrap_or(fresh);
        if row.owner.is_none() {
            // What nobody should have had is this person's now; whoever made it may know its password.
            row = PanelAccount { state: AccountState::Adding, since: now, index: None, reason_code: None, ..row };
        } else if row.state == AccountState::Removing {
            // It is wanted again before it was off.
            row.state = settled(&row);
        }
        row.owner = Some(owner);
        row.because = Some(wanted.because);
        wanted.role.as_str().clone_into(&mut row.role);
        let email = Some(wanted.person.email.clone());
        Self { row, before, replaced, email, listed: None, tasks: Vec::new() }
    }
}

/// How an account that is on the panel stands.
pub(super) fn settled(row: &PanelAccount) -> AccountState {
    match (row.index, row.password_version) {
        (None, _) => AccountState::Adding,
        (Some(_), Some(_)) => AccountState::There,
        (Some(_), None) => AccountState::WaitingForSignIn,
    }
}

/// Every account that is wanted or known, before the panel is asked: what is not there yet is being added, what nobody
/// should have any more is being removed.
pub(super) fn expect(wanted: &[Wanted], known: &[PanelAccount], now: DateTime<Utc>) -> Vec<Entry> {
    let mut rows: HashMap<&str, &PanelAccount> = known.iter().map(|row| (row.user_name.as_str(), row)).collect();
    let mut entries = Vec::new();
    for (wanted, name) in wanted.iter().zip(user_names(wanted)) {
        let before = rows.remove(name.as_str()).cloned();
        entries.push(Entry::wanted(wanted, name, before, now));
    }
    for row in known.iter().filter(|row| rows.contains_key(row.user_name.as_str())) {
        let mut entry = Entry::of(row.clone());
        if row.owner.is_some() && row.state != AccountState::Removing {
            entry.row = PanelAccount {
                state: AccountState::Removing,
                since: now,
                reason_code: None,
                because: None,
                ..row.clone()
            };
        }
        entries.push(entry);
    }
    entries
}

/// What is to be done, given what the panel lists. `login`: the account the platform logs in with. `held`: which password of
/// a person waits, by the person's id.
pub(super) fn compare(
    entries: &mut Vec<Entry>,
    listed: &[Listed],
    method: AccountMethod,
    login: &str,
    held: &HashMap<String, i32>,
    now: DateTime<Utc>,
) {
    let mut others: Vec<&Listed> = listed.iter().collect();
    for entry in entries.iter_mut() {
        let place = others.iter().position(|other| is_name(&other.user_name, &entry.row.user_name));
        entry.listed = place.map(|place| others.remove(place).clone());
        if is_name(&entry.row.user_name, login) {
            leave_alone(entry, held);
        } else if entry.is_wanted() {
            want(entry, method, held);
        } else if entry.listed.is_some() && entry.is_leaving() {
            entry.tasks = vec![Task::Delete];
            entry.row.index = entry.listed.as_ref().map(|listed| listed.index);
        } else if let Some(listed) = entry.listed.as_ref().filter(|_| entry.row.owner.is_none()) {
            entry.row.role = listed.role.as_str().to_owned();
            entry.row.index = Some(listed.index);
        }
    }
    let found = others.into_iter().filter(|other| !is_name(&other.user_name, login) && is_drift(other, method));
    entries.extend(found.map(|other| Entry::found(other, now)));
}

/// Panels tell names apart that differ in case only, but people do not.
fn is_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn leave_alone(entry: &mut Entry, held: &HashMap<String, i32>) {
    entry.row.state = if entry.is_wanted() { AccountState::Refused } else { AccountState::Removing };
    entry.row.reason_code = Some(LOGIN_ACCOUNT.to_owned());
    entry.row.refused_version = held_of(&entry.row, held).or(entry.row.refused_version);
    entry.row.index = None;
}

fn want(entry: &mut Entry, method: AccountMethod, held: &HashMap<String, i32>) {
    let Some(listed) = &entry.listed else {
        entry.tasks = vec![Task::Create];
        // Somebody took it off at the panel itself.
        entry.row.index = None;
        entry.row.password_version = None;
        if entry.row.state != AccountState::Refused {
            entry.row.state = AccountState::Adding;
        }
        return;
    };
    if entry.replaced.is_some() || !fits(&entry.row.role, &listed.role, method) {
        entry.tasks = vec![Task::Delete, Task::Create];
        return;
    }
    let is_known = entry.row.index.is_some();
    let is_newer = held_of(&entry.row, held)
        .is_some_and(|version| entry.row.password_version.max(entry.row.refused_version) < Some(version));
    if !is_known || is_newer {
        // One that is not known was made by somebody who died before writing it down; its password is known to nobody.
        entry.tasks = vec![Task::SetPassword];
    }
}

/// Which password of the account's owner waits.
pub(super) fn held_of(row: &PanelAccount, held: &HashMap<String, i32>) -> Option<i32> {
    row.owner.as_ref().and_then(|owner| held.get(&owner.id)).copied()
}

/// A person's role as the panel has it.
pub(super) fn panel_role(role: &str) -> PanelRole {
    match AccountRole::from_stored(role) {
        Some(AccountRole::InstallerAdmin) => PanelRole::InstallerAdmin,
        Some(AccountRole::Owner) => PanelRole::CloudAdmin,
        Some(AccountRole::Operator) => PanelRole::CloudOperator,
        Some(AccountRole::Installer) | None => PanelRole::InstallerEmployee,
    }
}

/// Whether an account has the role that it should have, as far as the panel tells them apart.
fn fits(role: &str, listed: &PanelRole, method: AccountMethod) -> bool {
    let wanted = panel_role(role);
    match method {
        AccountMethod::CloudUserManage => wanted == *listed,
        AccountMethod::ConfigurationUsers => {
            is_not_told(listed) || kind_on_older_panels(&wanted) == kind_on_older_panels(listed)
        }
    }
}

fn kind_on_older_panels(role: &PanelRole) -> u8 {
    match role {
        PanelRole::LocalAdmin => 0,
        PanelRole::LocalInstaller | PanelRole::InstallerAdmin | PanelRole::InstallerEmployee => 1,
        PanelRole::LocalOperator | PanelRole::CloudOperator | PanelRole::CloudAdmin => 2,
        PanelRole::Other(_) => 3,
    }
}

fn is_not_told(role: &PanelRole) -> bool {
    matches!(role, PanelRole::Other(word) if word.is_empty())
}

/// Whether an account that is nobody's should not be there. The factory's own accounts and the customer's keypad users are
/// the panel's business; of an account whose role an older panel does not tell nothing can be said.
fn is_drift(listed: &Listed, method: AccountMethod) -> bool {
    let is_older = method == AccountMethod::ConfigurationUsers;
    match &listed.role {
        PanelRole::LocalAdmin | PanelRole::LocalInstaller | PanelRole::LocalOperator => false,
        PanelRole::InstallerEmployee if is_older => !is_name(&listed.user_name, FACTORY_INSTALLER),
        role => !(is_older && is_not_told(role)),
    }
}

#[cfg(test)]
mod tests;
