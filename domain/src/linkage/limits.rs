//! What a rule may say (R-H8).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::action::{Action, Resource};
use super::source::Source;
use crate::device_event::HIGHEST_CHANNEL;
use crate::schedule::{Day, Period, Schedule};

/// Most actions of a rule.
pub const MOST_ACTIONS: usize = 128;
/// Most resources that a rule links: cameras, outputs, panels or areas.
pub const MOST_RESOURCES: usize = 10;
/// Most actions of cameras that one source sets off, over all its rules.
pub const MOST_CAMERA_ACTIONS: u32 = 4;
/// Most rules of a site.
pub const MOST_RULES: u32 = 100;
/// Most people that one action tells.
pub const MOST_RECEIVERS: usize = 20;
/// The highest number of a channel, output, preset or area.
pub const HIGHEST_NUMBER: u32 = 512;
/// How often a rule fires within a minute; what comes beyond is noted and does nothing.
pub const MOST_FIRINGS_A_MINUTE: u32 = 20;
/// After a mail a rule sends no other for so many seconds.
pub const MAIL_PAUSE_SECONDS: i64 = 5 * 60;
/// After so many seconds an action is not begun any more: nobody wants a panel armed for what happened an hour ago.
pub const TOO_LATE_SECONDS: i64 = 5 * 60;

/// What a rule says: source, schedule, actions. One that exists is within the limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What sets it off.
    pub source: Source,
    /// When, by the clock of the site; none: always.
    pub schedule: Option<Schedule>,
    /// What it does.
    pub actions: Vec<Action>,
}

/// Why a rule may not say this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContentRefusal {
    /// It does nothing.
    #[error("a rule needs an action")]
    NoActions,
    /// More than [`MOST_ACTIONS`].
    #[error("a rule has at most 128 actions")]
    TooManyActions,
    /// More than [`MOST_RESOURCES`].
    #[error("a rule links at most 10 resources")]
    TooManyResources,
    /// More than [`MOST_CAMERA_ACTIONS`].
    #[error("a source sets off at most 4 actions of cameras")]
    TooManyCameraActions,
    /// An action uses the source itself.
    #[error("a rule may not link its own source")]
    LinksItsSource {
        /// Which action, from 0.
        index: usize,
    },
    /// An action is there twice.
    #[error("an action is there twice")]
    ActionTwice {
        /// Which action, from 0.
        index: usize,
    },
    /// An action wants the opposite of another.
    #[error("an action wants the opposite of another")]
    Contradiction {
        /// Which action, from 0.
        index: usize,
    },
    /// A channel, output, preset or area is out of range, or nobody is to be told, or too many.
    #[error("an action is not valid")]
    ActionInvalid {
        /// Which action, from 0.
        index: usize,
    },
    /// The channel of the source is out of range.
    #[error("the source is not valid")]
    SourceInvalid,
}

impl Content {
    /// Checks what a person wants a rule to say. Whom an action tells comes out in order and once each.
    pub fn parse(source: Source, schedule: Option<Schedule>, actions: Vec<Action>) -> Result<Self, ContentRefusal> {
        if source.channel.is_some_and(|channel| channel > HIGHEST_CHANNEL) {
            return Err(ContentRefusal::SourceInvalid);
        }
        if actions.is_empty() {
            return Err(ContentRefusal::NoActions);
        }
        if actions.len() > MOST_ACTIONS {
            return Err(ContentRefusal::TooManyActions);
        }
        let mut parsed: Vec<Action> = Vec::with_capacity(actions.len());
        for (index, action) in actions.into_iter().enumerate() {
            let action = in_range(action).ok_or(ContentRefusal::ActionInvalid { index })?;
            if action.resource().is_some_and(|resource| source.is_itself(&resource)) {
                return Err(ContentRefusal::LinksItsSource { index });
            }
            if parsed.contains(&action) {
                return Err(ContentRefusal::ActionTwice { index });
            }
            if parsed.iter().any(|other| other.contradicts(&action)) {
                return Err(ContentRefusal::Contradiction { index });
            }
            parsed.push(action);
        }
        let resources: BTreeSet<Resource> = parsed.iter().filter_map(Action::resource).collect();
        if resources.len() > MOST_RESOURCES {
            return Err(ContentRefusal::TooManyResources);
        }
        let content = Self { source, schedule, actions: parsed };
        if content.camera_actions() > MOST_CAMERA_ACTIONS {
            return Err(ContentRefusal::TooManyCameraActions);
        }
        Ok(content)
    }

    /// How many of its actions are of cameras.
    pub fn camera_actions(&self) -> u32 {
        self.actions.iter().map(|action| u32::from(action.is_of_camera())).sum()
    }

    /// The same text for rules that say the same, in whatever order.
    pub fn identity(&self) -> String {
        let mut actions = self.actions.clone();
        actions.sort_unstable();
        let mut times: Vec<(u16, u16, Vec<Day>)> =
            self.schedule.iter().flat_map(Schedule::periods).map(in_order).collect();
        times.sort_unstable();
        serde_json::to_string(&(&self.source, &times, &actions)).unwrap_or_default()
    }

    /// Whether it is to fire at a time, by the clock of the site.
    pub fn holds(&self, at: DateTime<Utc>, zone: Tz) -> bool {
        self.schedule.as_ref().is_none_or(|schedule| schedule.allows(at, zone))
    }
}

/// Whether a source may set off so many actions of cameras, beside what other rules of its device do: each as channel and
/// number. A rule of any channel counts for each of them.
pub fn camera_actions_fit(own: (Option<u32>, u32), others: &[(Option<u32>, u32)]) -> bool {
    let all: Vec<(Option<u32>, u32)> = others.iter().copied().chain([own]).collect();
    let of_any: u32 = all.iter().filter(|(channel, _)| channel.is_none()).map(|(_, count)| count).sum();
    let of =
        |one: u32| -> u32 { all.iter().filter(|(channel, _)| *channel == Some(one)).map(|(_, count)| count).sum() };
    if let Some(channel) = own.0 {
        return of_any + of(channel) <= MOST_CAMERA_ACTIONS;
    }
    let channels: BTreeSet<u32> = all.iter().filter_map(|(channel, _)| *channel).collect();
    of_any + channels.into_iter().map(of).max().unwrap_or(0) <= MOST_CAMERA_ACTIONS
}

fn in_order(period: &Period) -> (u16, u16, Vec<Day>) {
    let mut days = period.days.clone();
    days.sort_unstable();
    (period.from, period.until, days)
}

/// The action, where its numbers are in range.
fn in_range(action: Action) -> Option<Action> {
    let good = |number: u32| (1..=HIGHEST_NUMBER).contains(&number);
    let fits = match &action {
        Action::Snapshot { channel, .. } | Action::Record { channel, .. } => good(*channel),
        Action::Preset { channel, preset, .. } => good(*channel) && good(*preset),
        Action::Output { output, .. } => good(*output),
        Action::Arm { area, .. } | Action::Disarm { area, .. } => area.is_none_or(good),
        Action::Notify { staff } => (1..=MOST_RECEIVERS).contains(&staff.len()),
        Action::Webhook => true,
    };
    let ordered = match action {
        Action::Notify { staff } => {
            Action::Notify { staff: staff.into_iter().collect::<BTreeSet<_>>().into_iter().collect() }
        }
        other => other,
    };
    fits.then_some(ordered)
}
