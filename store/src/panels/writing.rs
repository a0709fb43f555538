//! What a comparison writes: first what it is about to do, then what came of it.
//!
//! Before the panel hears of a new account or of one that goes, the row says so; so a worker that dies in between is
//! followed by one that finds the account on the panel and knows whose it is, and an exit proves what it must.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::panel_accounts::{AccountMethod, ExitState};
use siteward_domain::{CompanyId, DeviceId, PanelAccountId, SiteId};

use super::following::NEVER;
use super::{Case, Leaving};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::panel_accounts::{self, PanelAccount};
use crate::panel_passwords;
use crate::select::Select;
use crate::sites;

/// The first pause after a failure, in milliseconds; it doubles each time, up to the period.
const FIRST_PAUSE_MS: i64 = 2_000;

/// What came of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Accounts that are not as they were, as they stand now.
    pub accounts: Vec<PanelAccount>,
    /// Accounts that are read to be off the panel: each is proved, told and forgotten.
    pub removed: Vec<PanelAccount>,
    /// Accounts that are forgotten without a word: they never were on the panel, or nobody of ours took them off.
    pub dropped: Vec<PanelAccountId>,
    /// Events about accounts, in order.
    pub events: Vec<(EventKind, PanelAccount)>,
    /// How the panel keeps its accounts.
    pub method: Option<AccountMethod>,
    /// The accounts that were read at the end; `None`: it did not get so far.
    pub listed: Option<Vec<Remaining>>,
    /// Nothing is left to do, and nothing of ours is on the panel.
    pub is_clean: bool,
    /// Why it did not get to the end.
    pub reason_code: Option<&'static str>,
    /// When the panel is due again.
    pub rest: Rest,
}

/// An account that a panel listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remaining {
    /// Its user name.
    pub user_name: String,
    /// What it may do, as the panel says.
    pub role: String,
}

/// When a panel is due again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// After a period.
    #[default]
    Period,
    /// At once: more is to be done.
    More,
    /// After a pause that grows with each failure.
    Failed,
    /// Not before this time.
    Until(DateTime<Utc>),
    /// Never by itself: its login was refused.
    ForGood,
}

/// How often panels are compared.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Time between two comparisons of a panel.
    pub period: Duration,
    /// When what is wanted next changes by itself.
    pub next_change: Option<DateTime<Utc>>,
}

/// What writing an outcome came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The panel goes on.
    GoesOn,
    /// The panel had left, and this proved it.
    Ended,
}

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Integer)]
    wanted_version: i32,
    #[diesel(sql_type = Text)]
    company_id: String,
}

/// Writes down what is about to be done on the panel: new accounts as being added, those that go as being removed.
/// [`StoreError::Stale`] when something changed since the case was read, or the lease was lost: then nothing must be done.
pub fn write_intents(
    conn: &mut DbConn,
    case: &Case,
    owner: &str,
    method: AccountMethod,
    accounts: &[PanelAccount],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let held = Select::new("UPDATE panels SET method = ")
        .text(method.as_str())
        .sql(" WHERE device_id = ")
        .text(case.device_id.as_str())
        .sql(" AND locked_by = ")
        .text(owner)
        .sql(" AND wanted_version = ")
        .number(case.wanted_version.into())
        .execute(conn)?;
    if held == 0 {
        return Err(StoreError::Stale);
    }
    for account in accounts {
        panel_accounts::write(conn, &case.company_id, &case.device_id, account, false, now)?;
    }
    Ok(())
}

/// Writes down what came of a comparison, in one transaction, and lets the panel go. [`StoreError::Stale`] when the lease was
/// lost: whoever has the panel now finds out anew.
pub fn write_outcome(
    conn: &mut DbConn,
    case: &Case,
    owner: &str,
    outcome: &Outcome,
    pace: Pace,
    now: DateTime<Utc>,
) -> Result<Written, StoreError> {
    let rows: Vec<VersionRow> =
        Select::new("UPDATE panels SET locked_by = NULL, locked_until = NULL WHERE device_id = ")
            .text(case.device_id.as_str())
            .sql(" AND locked_by = ")
            .text(owner)
            .sql(" RETURNING wanted_version, company_id")
            .load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::Stale)?;
    let changed_meanwhile = row.wanted_version != case.wanted_version;
    let company: CompanyId = read(row.company_id, "panels.company_id")?;
    let moved;
    let case = if company == case.company_id {
        case
    } else {
        // Another company serves the site by now: it is the one to whom this matters.
        moved = Case { company_id: company, ..case.clone() };
        &moved
    };
    for account in &outcome.accounts {
        panel_accounts::write(conn, &case.company_id, &case.device_id, account, changed_meanwhile, now)?;
    }
    forget_accounts(conn, case, outcome, now)?;
    if !case.passwords.is_empty() {
        panel_passwords::erase_delivered(conn)?;
    }
    let mut told: Vec<NewEvent> =
        outcome.events.iter().map(|(kind, account)| event(case, *kind, account, now)).collect();
    let ended = match &case.exit {
        Some(exit) if outcome.is_clean && !changed_meanwhile => {
            told.push(end_exit(conn, case, exit, outcome, now)?);
            Written::Ended
        }
        _ => {
            let due = if changed_meanwhile { micros(now) } else { next_due(case, outcome, pace, now) };
            set_pace(conn, &case.device_id, outcome, due, now)?;
            Written::GoesOn
        }
    };
    events::append_all(conn, &told)?;
    Ok(ended)
}

/// Accounts that are off the panel, with their proofs, and those that never were on it.
fn forget_accounts(conn: &mut DbConn, case: &Case, outcome: &Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
    for account in &outcome.removed {
        let kind = account.owner.as_ref().map(|owner| owner.kind.as_str());
        let mut proof = Select::new(
            "INSERT INTO panel_removals (id, company_id, device_id, exit_id, device_name, serial, site_name, person_name,
             user_name, role, removed_at, person_kind, person_id)
             SELECT ",
        )
        .text(PanelAccountId::generate(now).as_str())
        .sql(
            ", p.company_id, p.device_id, p.exit_id, coalesce(d.name, p.name), coalesce(d.serial, p.serial),
             coalesce(s.name, p.site_name), ",
        )
        .text(account.owner.as_ref().map_or("", |owner| owner.name.as_str()))
        .sql(", ")
        .text(account.user_name.as_str())
        .sql(", ")
        .text(account.role.as_str())
        .sql(", ")
        .number(micros(now));
        proof = match (kind, &account.owner) {
            (Some(kind), Some(owner)) => proof.sql(", ").text(kind).sql(", ").text(owner.id.as_str()),
            _ => proof.sql(", NULL, NULL"),
        };
        proof
            .sql(
                " FROM panels p LEFT JOIN devices d ON d.id = p.device_id LEFT JOIN sites s ON s.id = d.site_id
                 WHERE p.device_id = ",
            )
            .text(case.device_id.as_str())
            .execute(conn)?;
    }
    let gone = outcome.removed.iter().map(|account| &account.id).chain(&outcome.dropped);
    for id in gone {
        Select::new("DELETE FROM panel_accounts WHERE device_id = ")
            .text(case.device_id.as_str())
            .sql(" AND id = ")
            .text(id.as_str())
            .execute(conn)?;
    }
    Ok(())
}

fn event(case: &Case, kind: EventKind, account: &PanelAccount, now: DateTime<Utc>) -> NewEvent {
    let mut data = json!({ "user_name": account.user_name, "role": account.role });
    if let (Some(owner), Some(fields)) = (&account.owner, data.as_object_mut()) {
        fields.insert("person_id".to_owned(), json!(owner.id));
        fields.insert("person_name".to_owned(), json!(owner.name));
    }
    new_event(&case.company_id, case.site_id.as_ref(), &case.device_id, kind, data, now)
}

fn new_event(
    company: &CompanyId,
    site: Option<&SiteId>,
    device: &DeviceId,
    kind: EventKind,
    data: serde_json::Value,
    now: DateTime<Utc>,
) -> NewEvent {
    NewEvent {
        company_id: company.clone(),
        site_id: site.cloned(),
        device_id: Some(device.clone()),
        kind,
        actor: "system".to_owned(),
        at: now,
        data,
    }
}

/// The panel has left: its row goes with the password, and the exit says what was read at the end.
fn end_exit(
    conn: &mut DbConn,
    case: &Case,
    exit: &Leaving,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<NewEvent, StoreError> {
    let remaining = json!(outcome.listed.as_deref().unwrap_or_default()).to_string();
    Select::new("UPDATE panel_exits SET state = 'clean', ended_at = ")
        .number(micros(now))
        .sql(", remaining = ")
        .text(remaining)
        .sql(" WHERE state = 'running' AND id = ")
        .text(exit.exit_id.as_str())
        .execute(conn)?;
    Select::new("DELETE FROM panels WHERE device_id = ").text(case.device_id.as_str()).execute(conn)?;
    sites::delete_closed(conn, &case.company_id)?;
    let data = json!({ "exit_id": exit.exit_id, "state": ExitState::Clean.as_str() });
    Ok(new_event(&case.company_id, None, &case.device_id, EventKind::PanelExitEnded, data, now))
}

fn next_due(case: &Case, outcome: &Outcome, pace: Pace, now: DateTime<Utc>) -> i64 {
    let due = match outcome.rest {
        Rest::More => micros(now),
        Rest::Period => micros(now + pace.period),
        Rest::Failed => micros(now + pause(case.failures, pace.period)),
        Rest::Until(at) => micros(at.max(now)),
        Rest::ForGood => NEVER,
    };
    let sooner = pace.next_change.into_iter().chain(case.exit.as_ref().and_then(|exit| exit.give_up_at));
    sooner.map(micros).fold(due, i64::min)
}

/// The pause after so many failures: doubling, bounded by the period, and up to a quarter more by chance, so that panels
/// that fell together do not come back together.
fn pause(failures: u32, period: Duration) -> Duration {
    let most = period.num_milliseconds().max(1);
    let ms = FIRST_PAUSE_MS.saturating_mul(1 << failures.min(20)).min(most);
    Duration::milliseconds(ms + rand::rng().random_range(0..=ms / 4))
}

fn set_pace(
    conn: &mut DbConn,
    device: &DeviceId,
    outcome: &Outcome,
    due: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let failed = matches!(outcome.rest, Rest::Failed | Rest::Until(_) | Rest::ForGood);
    let mut update = Select::new("UPDATE panels SET due_at = ").number(due);
    update = update.sql(if failed { ", failures = failures + 1" } else { ", failures = 0" });
    update = match outcome.reason_code {
        Some(code) => update.sql(", reason_code = ").text(code),
        None => update.sql(", reason_code = NULL"),
    };
    if let Some(method) = outcome.method {
        update = update.sql(", method = ").text(method.as_str());
    }
    if outcome.listed.is_some() {
        update = update.sql(", checked_at = ").number(micros(now));
    }
    update.sql(" WHERE device_id = ").text(device.as_str()).execute(conn)?;
    Ok(())
}
