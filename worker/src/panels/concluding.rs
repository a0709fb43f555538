//! What a comparison came to, from what the panel said and, above all, from what it lists afterwards.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use siteward_devices::panel::PanelAccount as Listed;
use siteward_domain::event::EventKind;
use siteward_domain::panel_accounts::{AccountMethod, AccountState};
use siteward_store::panel_accounts::PanelAccount;
use siteward_store::panels::{Outcome, Remaining, Rest};

use super::comparing::{Entry, LOGIN_ACCOUNT, Task, held_of, settled};
use super::repairing::{Done, FULL, Repaired};

/// Something was done whose answer got lost, or refused that comes up again.
const NOT_KNOWN: &str = "panel_account_not_known";

/// What is to be written before anything is done: who is being added and removed, and whose account was found there.
pub(super) fn intents(entries: &[Entry]) -> Vec<PanelAccount> {
    let is_known = |entry: &Entry| entry.before.as_ref().is_some_and(|before| before.owner.is_some());
    let is_news = |entry: &&Entry| !entry.tasks.is_empty() && !is_known(entry);
    let moves = |entry: &&Entry| entry.tasks.iter().any(|task| *task != Task::SetPassword);
    let rows = entries.iter().filter(|entry| moves(entry) || is_news(entry));
    rows.map(|entry| entry.replaced.as_ref().unwrap_or(&entry.row).clone()).collect()
}

/// What is written when the panel was not reached: the same, and nothing else.
pub(super) fn not_reached(entries: &[Entry]) -> Vec<PanelAccount> {
    let rows = entries.iter().map(|entry| (entry.replaced.as_ref().unwrap_or(&entry.row), entry.before.as_ref()));
    rows.filter(|(row, before)| Some(*row) != *before).map(|(row, _)| row.clone()).collect()
}

/// What came of it, where the panel was read again at the end.
pub(super) fn conclude(
    entries: &[Entry],
    repaired: &Repaired,
    listed: &[Listed],
    method: AccountMethod,
    held: &HashMap<String, i32>,
    now: DateTime<Utc>,
) -> Outcome {
    let mut outcome = Outcome { method: Some(method), is_clean: true, ..Outcome::default() };
    let nothing = Done::default();
    for (place, entry) in entries.iter().enumerate() {
        let done = repaired.done.get(&place).unwrap_or(&nothing);
        let there = listed.iter().find(|one| one.user_name.eq_ignore_ascii_case(&entry.row.user_name));
        if entry.is_wanted() {
            let row = wanted(entry, done, there, held, now);
            note_replaced(entry, done, there, &mut outcome);
            tell(entry, done, &row, &mut outcome);
            if Some(&row) != entry.before.as_ref() {
                outcome.accounts.push(row);
            }
            outcome.is_clean = false;
        } else if entry.is_leaving() {
            leaving(entry, done, there, &mut outcome);
        } else {
            unexpected(entry, there, &mut outcome);
        }
        if done.is_open {
            outcome.reason_code = Some(NOT_KNOWN);
        }
    }
    let read = |one: &Listed| Remaining { user_name: one.user_name.clone(), role: one.role.as_str().to_owned() };
    outcome.listed = Some(listed.iter().map(read).collect());
    outcome.rest = match (outcome.reason_code, repaired.is_unfinished) {
        (Some(_), _) => Rest::Failed,
        (None, true) => Rest::More,
        (None, false) => Rest::Period,
    };
    outcome
}

/// What came of it where the panel could not be read again: passwords that it took, and the rest as it was meant to be.
pub(super) fn conclude_unread(entries: &[Entry], repaired: &Repaired, now: DateTime<Utc>) -> Outcome {
    let mut outcome = Outcome::default();
    for (place, entry) in entries.iter().enumerate() {
        let given = repaired.done.get(&place).and_then(|done| done.given);
        let mut row = entry.replaced.clone().unwrap_or_else(|| entry.row.clone());
        // The account was known and listed, and the panel said that it took the password.
        if let (Some(given), Some(_), [Task::SetPassword]) = (given, entry.row.index, entry.tasks.as_slice()) {
            take_password(&mut row, given, now);
            outcome.events.push((EventKind::PanelPasswordDelivered, row.clone()));
        }
        if Some(&row) != entry.before.as_ref() {
            outcome.accounts.push(row);
        }
    }
    outcome
}

fn take_password(row: &mut PanelAccount, given: Option<i32>, now: DateTime<Utc>) {
    row.password_version = given;
    row.reason_code = None;
    row.refused_version = None;
    let state = if given.is_some() { AccountState::There } else { AccountState::WaitingForSignIn };
    if row.state == AccountState::Adding || row.state == AccountState::Removing {
        row.since = now;
    }
    row.state = state;
}

/// An account that a person should have, as it stands now.
fn wanted(
    entry: &Entry,
    done: &Done,
    there: Option<&Listed>,
    held: &HashMap<String, i32>,
    now: DateTime<Utc>,
) -> PanelAccount {
    let mut row = entry.row.clone();
    if row.reason_code.as_deref() == Some(LOGIN_ACCOUNT) && entry.tasks.is_empty() && row.index.is_none() {
        return row;
    }
    let Some(there) = there else {
        row.index = None;
        row.password_version = None;
        row.reason_code = done.reason.map(str::to_owned);
        row.state = if done.reason.is_some() { AccountState::Refused } else { AccountState::Adding };
        if done.reason == Some(FULL) {
            // A password is not kept for a place that may never be free.
            row.refused_version = held_of(&row, held).or(row.refused_version);
        }
        return row;
    };
    if let Some(given) = done.given {
        row.index = Some(there.index);
        take_password(&mut row, given, now);
    } else if row.index.is_some() && entry.tasks.iter().all(|task| *task == Task::SetPassword) {
        row.index = Some(there.index);
        if row.state == AccountState::Adding {
            row.state = settled(&row);
        }
    } else {
        // It is there, and what password it has is not known: the next comparison gives it one.
        row.index = None;
        row.state = AccountState::Adding;
    }
    if let Some((version, reason)) = done.refused {
        row.refused_version = Some(version);
        row.reason_code = Some(reason.to_owned());
        row.state = AccountState::Refused;
    } else if done.given.is_none() && done.reason.is_some() {
        row.reason_code = done.reason.map(str::to_owned);
    }
    row
}

/// The other person's account of the same name is off, also where a new one of that name stands in its place.
fn note_replaced(entry: &Entry, done: &Done, there: Option<&Listed>, outcome: &mut Outcome) {
    let Some(old) = &entry.replaced else { return };
    if there.is_none() || done.deleted {
        if old.index.is_some() {
            outcome.removed.push(old.clone());
            outcome.events.push((EventKind::PanelAccountRemoved, old.clone()));
        } else {
            outcome.dropped.push(old.id.clone());
        }
    }
}

fn tell(entry: &Entry, done: &Done, row: &PanelAccount, outcome: &mut Outcome) {
    let was_there = entry.before.as_ref().is_some_and(|before| before.index.is_some() && before.owner.is_some());
    if row.index.is_some() && (!was_there || entry.tasks.contains(&Task::Create)) {
        outcome.events.push((EventKind::PanelAccountAdded, row.clone()));
    }
    if row.index.is_some() && matches!(done.given, Some(Some(_))) {
        outcome.events.push((EventKind::PanelPasswordDelivered, row.clone()));
    }
}

/// An account that goes: a person's that nobody wants any more, or nobody's that was ordered off.
fn leaving(entry: &Entry, done: &Done, there: Option<&Listed>, outcome: &mut Outcome) {
    if entry.row.reason_code.as_deref() == Some(LOGIN_ACCOUNT) {
        outcome.dropped.push(entry.row.id.clone());
        return;
    }
    if there.is_none() {
        if entry.row.index.is_some() {
            outcome.removed.push(entry.row.clone());
            outcome.events.push((EventKind::PanelAccountRemoved, entry.row.clone()));
        } else {
            outcome.dropped.push(entry.row.id.clone());
        }
        return;
    }
    let mut row = entry.row.clone();
    if let Some(reason) = done.reason {
        row.reason_code = Some(reason.to_owned());
        if row.owner.is_none() {
            // A person ordered it, and is told that it did not work.
            row.state = AccountState::Unexpected;
        } else {
            outcome.reason_code = Some(reason);
        }
    }
    outcome.is_clean &= row.owner.is_none();
    if Some(&row) != entry.before.as_ref() {
        outcome.accounts.push(row);
    }
}

/// An account that nobody should have, and that nobody ordered off.
fn unexpected(entry: &Entry, there: Option<&Listed>, outcome: &mut Outcome) {
    if there.is_none() {
        if entry.before.is_some() {
            outcome.dropped.push(entry.row.id.clone());
        }
        return;
    }
    if entry.before.is_none() {
        outcome.events.push((EventKind::PanelDriftFound, entry.row.clone()));
    }
    if Some(&entry.row) != entry.before.as_ref() {
        outcome.accounts.push(entry.row.clone());
    }
}
