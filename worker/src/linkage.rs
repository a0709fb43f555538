//! Linkage rules at work (R-H8): reads what devices tell, with a position of its own, and fires the rules that it sets off.
//!
//! A firing, its mails, what webhooks are told, the jobs of its actions and the new position are one transaction: a rule fires
//! once an event, with however many workers, and whoever of them dies when. What becomes of the actions is in
//! [`crate::jobs::linkage_action`].

mod telling;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use siteward_domain::DeviceId;
use siteward_domain::device_event::DeviceEvent;
use siteward_domain::linkage::{
    Action, ActionState, MAIL_PAUSE_SECONDS, MOST_FIRINGS_A_MINUTE, RuleState, Trouble, state, troubles,
};
use siteward_domain::site::SiteAction;
use siteward_store::linkage::{self, NewFiring, Planned, READER, Rule};
use siteward_store::sites::{self, Site};
use siteward_store::{DbConn, Store, StoreError, device_events, devices, events, jobs};

use crate::jobs::linkage_action;

/// Most events read in one transaction.
const AT_ONCE: u32 = 100;
/// How long pictures are kept.
const PICTURES_KEPT: Duration = Duration::days(30);
/// How long it is told what rules did.
const FIRINGS_KEPT: Duration = Duration::days(90);

/// Fires the rules that are set off by what devices told since it was last called; gives how many fired.
pub(crate) fn fire(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let has_news = store.read(|conn| Ok(device_events::last_seq(conn)? > events::look_at_reader(conn, READER)?))?;
    if !has_news {
        return Ok(0);
    }
    store.write(|conn| {
        let position = events::reader_position(conn, READER)?;
        let found = device_events::after(conn, position, AT_ONCE)?;
        let Some(last) = found.last().map(|event| event.seq) else { return Ok(0) };
        let sources: BTreeSet<&DeviceId> = found.iter().map(|event| &event.device_id).collect();
        let sources: Vec<DeviceId> = sources.into_iter().cloned().collect();
        let rules = linkage::rules_of_sources(conn, &sources)?;
        let mut fired = 0;
        for event in &found {
            for rule in rules.iter().filter(|rule| is_for(rule, event)) {
                match fire_one(conn, rule, event, now) {
                    Ok(did) => fired += usize::from(did),
                    // What is gone meanwhile sets nothing off, and must not keep the others back.
                    Err(StoreError::NotFound | StoreError::Unreadable { .. }) => {
                        tracing::warn!(rule.id = %rule.id, event.seq, "a linkage rule could not fire");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        events::move_reader(conn, READER, last)?;
        Ok(fired)
    })
}

/// Forgets pictures and firings that are old; gives how many.
pub(crate) fn prune(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| linkage::prune(conn, now - PICTURES_KEPT, now - FIRINGS_KEPT))
}

/// What was told before a rule was made sets nothing off.
fn is_for(rule: &Rule, event: &DeviceEvent) -> bool {
    rule.site_id == event.site_id
        && rule.company_id == event.company_id
        && rule.content.source.matches(&event.device_id, event.channel, event.kind)
        && event.at >= rule.created_at
}

fn fire_one(conn: &mut DbConn, rule: &Rule, event: &DeviceEvent, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let site = sites::get_site(conn, &rule.company_id, &rule.site_id)?;
    let zone = site.time_zone.parse().unwrap_or(chrono_tz::UTC);
    if !site.status.allows(SiteAction::ManageDevices) || !rule.content.holds(event.at, zone) {
        return Ok(false);
    }
    let mut known = linkage::known(conn, &rule.company_id, &rule.site_id, &[&rule.content], now)?;
    // It was heard just now, however.
    known.heard.insert(event.device_id.clone());
    let against = troubles(&rule.content, &known);
    if state(&rule.content, &against) == RuleState::Invalid {
        return Ok(false);
    }
    let planned = plan(conn, rule, &against, now)?;
    let source = devices::get_device(conn, &rule.company_id, &event.device_id)?;
    let new = NewFiring { rule, event, source_name: &source.name, planned: &planned };
    let Some(firing) = linkage::record(conn, &new, now)? else { return Ok(false) };
    for (position, (action, planned)) in (0_u32..).zip(rule.content.actions.iter().zip(&planned)) {
        match (planned.state, action) {
            (ActionState::Waiting, _) => {
                jobs::enqueue(conn, &linkage_action::new_job(&firing, position, now), now)?;
            }
            (ActionState::Done, Action::Notify { staff }) => {
                telling::mail(conn, rule, event, (&site, &source.name), staff, now)?;
            }
            (ActionState::Done, Action::Webhook) => telling::webhooks(conn, rule, event, &firing, now)?,
            _ => {}
        }
    }
    tracing::info!(rule.id = %rule.id, firing.id = %firing, event.seq, "a linkage rule fired");
    Ok(true)
}

/// What becomes of each action.
fn plan(conn: &mut DbConn, rule: &Rule, against: &[Trouble], now: DateTime<Utc>) -> Result<Vec<Planned>, StoreError> {
    let skipped = |code| Planned { state: ActionState::Skipped, error_code: Some(code) };
    let minute = now - Duration::minutes(1);
    let too_often = linkage::count_since(conn, &rule.id, minute)? >= MOST_FIRINGS_A_MINUTE;
    let mailed = linkage::mailed_since(conn, &rule.id, now - Duration::seconds(MAIL_PAUSE_SECONDS))?;
    let each = rule.content.actions.iter().enumerate().map(|(index, action)| {
        if too_often {
            return skipped("linkage_too_often");
        }
        if let Some(trouble) = against.iter().find(|trouble| trouble.action == Some(index)) {
            return skipped(trouble.reason.as_str());
        }
        match action {
            Action::Notify { .. } if mailed => skipped("linkage_mail_paced"),
            Action::Notify { .. } | Action::Webhook => Planned { state: ActionState::Done, error_code: None },
            _ => Planned { state: ActionState::Waiting, error_code: None },
        }
    });
    Ok(each.collect())
}

/// Whether a site lets its company ask its devices now.
pub(crate) fn may_ask(site: &Site) -> Result<(), &'static str> {
    if site.status.allows(SiteAction::ManageDevices) { Ok(()) } else { Err(site.status.refusal_code()) }
}
