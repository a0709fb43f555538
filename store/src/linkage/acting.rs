//! What becomes of an action of a firing: begun once, ended once.
//!
//! That it begins is committed before the device is asked. A worker that finds it begun knows that another died in the
//! middle, and that the device may have done it: what changes something is not asked again.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use siteward_domain::linkage::{Action, ActionState, TOO_LATE_SECONDS};
use siteward_domain::{CompanyId, LinkageFiringId, LinkageRuleId, SiteId};

use super::firings::action;
use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// An action that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The rule.
    pub rule_id: LinkageRuleId,
    /// When the event was told.
    pub event_at: DateTime<Utc>,
    /// What is to be done.
    pub action: Action,
}

/// What is to be done about an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Ask the device.
    Begun(Begun),
    /// Nothing: it is over, or gone.
    Over,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// [`ActionState::Done`], [`ActionState::Failed`], [`ActionState::Unknown`] or [`ActionState::Skipped`].
    pub state: ActionState,
    /// Why it is not done: a stable code.
    pub error_code: Option<&'static str>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    rule_id: String,
    #[diesel(sql_type = BigInt)]
    event_at: i64,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Text)]
    state: String,
}

/// Begins an action, unless it is over, was begun by somebody who died, or it is too late for it.
pub fn claim(
    conn: &mut DbConn,
    firing: &LinkageFiringId,
    position: u32,
    now: DateTime<Utc>,
) -> Result<Claim, StoreError> {
    let wait = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE OF a",
    };
    let query = Select::new(
        "SELECT f.company_id, f.site_id, f.rule_id, f.event_at, a.action, a.state
         FROM linkage_actions a JOIN linkage_firings f ON f.id = a.firing_id WHERE a.firing_id = ",
    );
    let query = query.text(firing.as_str()).sql(" AND a.position = ").number(i64::from(position)).sql(wait);
    let Some(row) = query.load::<Row>(conn)?.into_iter().next() else { return Ok(Claim::Over) };
    let action = action(&row.action)?;
    match word(ActionState::from_stored(&row.state), "linkage_actions.state")? {
        ActionState::Waiting => {}
        ActionState::Running if action.may_be_repeated() => {}
        ActionState::Running => {
            let outcome = Outcome { state: ActionState::Unknown, error_code: Some("linkage_interrupted") };
            end_action(conn, firing, position, outcome, now)?;
            return Ok(Claim::Over);
        }
        _ => return Ok(Claim::Over),
    }
    let event_at = time(row.event_at)?;
    if now - event_at > Duration::seconds(TOO_LATE_SECONDS) {
        let outcome = Outcome { state: ActionState::Skipped, error_code: Some("linkage_too_late") };
        end_action(conn, firing, position, outcome, now)?;
        return Ok(Claim::Over);
    }
    Select::new("UPDATE linkage_actions SET state = 'running', begun_at = ")
        .number(micros(now))
        .sql(" WHERE firing_id = ")
        .text(firing.as_str())
        .sql(" AND position = ")
        .number(i64::from(position))
        .execute(conn)?;
    Ok(Claim::Begun(Begun {
        company_id: read(row.company_id, "linkage_firings.company_id")?,
        site_id: read(row.site_id, "linkage_firings.site_id")?,
        rule_id: read(row.rule_id, "linkage_firings.rule_id")?,
        event_at,
        action,
    }))
}

/// Ends an action that was begun. What a worker learns that was thought to be dead counts more than that nobody knew.
pub fn end_action(
    conn: &mut DbConn,
    firing: &LinkageFiringId,
    position: u32,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let query = Select::new("UPDATE linkage_actions SET state = ").text(outcome.state.as_str()).sql(", ended_at = ");
    let query = query.number(micros(now)).sql(", error_code = ");
    let query = match outcome.error_code {
        Some(code) => query.text(code),
        None => query.sql("NULL"),
    };
    query
        .sql(" WHERE state IN ('waiting', 'running', 'unknown') AND firing_id = ")
        .text(firing.as_str())
        .sql(" AND position = ")
        .number(i64::from(position))
        .execute(conn)?;
    Ok(())
}

/// Has an action wait again that surely was not done, with why.
pub fn put_back(
    conn: &mut DbConn,
    firing: &LinkageFiringId,
    position: u32,
    error_code: &str,
) -> Result<(), StoreError> {
    Select::new("UPDATE linkage_actions SET state = 'waiting', begun_at = NULL, error_code = ")
        .text(error_code)
        .sql(" WHERE state = 'running' AND firing_id = ")
        .text(firing.as_str())
        .sql(" AND position = ")
        .number(i64::from(position))
        .execute(conn)?;
    Ok(())
}
