//! Flapping: what is wrong, right and wrong again is one exception, not fifty (R-H4).
//!
//! What opened [`OPENINGS`] times [`WITHIN`] an hour stays open until it was good for [`GOOD_FOR`]. When it opened is what the
//! exceptions themselves tell, so a worker that takes a device over knows it; for how long it was good is begun anew then.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use crate::exception::ExceptionKey;

/// So many openings make an exception a flapping one.
pub const OPENINGS: usize = 3;
/// The time within which they count.
pub const WITHIN: Duration = Duration::hours(1);
/// How long it must be good before a flapping exception closes.
pub const GOOD_FOR: Duration = Duration::minutes(10);

/// What flaps on a device, or may. Empty for nearly all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flapping {
    keys: BTreeMap<ExceptionKey, Restless>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Restless {
    /// The last openings, the newest last; [`OPENINGS`] at most.
    opened: Vec<DateTime<Utc>>,
    good_since: Option<DateTime<Utc>>,
}

impl Restless {
    fn flaps(&self) -> bool {
        match (self.opened.first(), self.opened.last()) {
            (Some(first), Some(last)) => self.opened.len() >= OPENINGS && *last - *first <= WITHIN,
            _ => false,
        }
    }
}

impl Flapping {
    /// Notes that an exception opened.
    pub fn note_opened(&mut self, key: &ExceptionKey, at: DateTime<Utc>) {
        let restless = self.keys.entry(key.clone()).or_default();
        restless.good_since = None;
        restless.opened.push(at);
        restless.opened.sort_unstable();
        if restless.opened.len() > OPENINGS {
            restless.opened.remove(0);
        }
    }

    /// Notes that what is wrong with an open exception was seen again.
    pub fn note_bad(&mut self, key: &ExceptionKey) {
        if let Some(restless) = self.keys.get_mut(key) {
            restless.good_since = None;
        }
    }

    /// Whether an exception may close that was seen to be good at `now`.
    pub fn may_close(&mut self, key: &ExceptionKey, now: DateTime<Utc>) -> bool {
        let Some(restless) = self.keys.get_mut(key).filter(|restless| restless.flaps()) else { return true };
        now - *restless.good_since.get_or_insert(now) >= GOOD_FOR
    }

    /// Forgets what opened so long ago that it cannot make anything flap, unless it is `open` still.
    pub fn forget_old(&mut self, now: DateTime<Utc>, open: impl Fn(&ExceptionKey) -> bool) {
        self.keys.retain(|key, restless| restless.opened.last().is_some_and(|last| now - *last <= WITHIN) || open(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exception::ExceptionKind;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minutes)
    }

    fn key() -> ExceptionKey {
        ExceptionKey::of_part(ExceptionKind::VideoLoss, "2")
    }

    fn opened(minutes: &[i64]) -> Flapping {
        let mut flapping = Flapping::default();
        for minute in minutes {
            flapping.note_opened(&key(), at(*minute));
        }
        flapping
    }

    #[test]
    fn the_third_time_within_an_hour_it_stays_open_until_it_was_good_for_ten_minutes() {
        let mut flapping = opened(&[0, 20]);
        assert!(flapping.may_close(&key(), at(21)));
        flapping.note_opened(&key(), at(60));
        assert!(!flapping.may_close(&key(), at(61)) && !flapping.may_close(&key(), at(70)));
        assert!(flapping.may_close(&key(), at(71)));
    }

    #[test]
    fn being_wrong_again_begins_the_ten_minutes_anew() {
        let mut flapping = opened(&[0, 1, 2]);
        assert!(!flapping.may_close(&key(), at(3)));
        flapping.note_bad(&key());
        assert!(!flapping.may_close(&key(), at(14)));
        assert!(flapping.may_close(&key(), at(24)));
    }

    #[test]
    fn three_times_over_more_than_an_hour_is_not_flapping_and_others_are_not_concerned() {
        assert!(opened(&[0, 30, 61]).may_close(&key(), at(62)));
        let other = ExceptionKey::of_part(ExceptionKind::VideoLoss, "3");
        assert!(opened(&[0, 1, 2]).may_close(&other, at(3)));
    }

    #[test]
    fn what_is_long_ago_is_forgotten_but_not_what_is_open() {
        let mut flapping = opened(&[0, 1, 2]);
        flapping.forget_old(at(200), |_| true);
        assert!(!flapping.may_close(&key(), at(200)));
        flapping.forget_old(at(200), |_| false);
        assert_eq!(flapping, Flapping::default());
    }
}
