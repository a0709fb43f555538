//! How often a person may ask for a captcha, each of which costs the drawing of a picture, or what a serial number is.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// What a person gets within [`WINDOW_MINUTES`].
const MOST: usize = 30;
const WINDOW_MINUTES: i64 = 5;

/// Who asked when, in this process.
#[derive(Clone, Default)]
pub(crate) struct Pace(Arc<Mutex<HashMap<String, VecDeque<DateTime<Utc>>>>>);

impl Pace {
    /// Whether a person, named by their id, may have another now; notes it if so.
    pub(crate) fn allows(&self, person: &str, now: DateTime<Utc>) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now - Duration::minutes(WINDOW_MINUTES);
        asked.retain(|_, times| {
            times.retain(|at| *at > since);
            !times.is_empty()
        });
        let times = asked.entry(person.to_owned()).or_default();
        let may = times.len() < MOST;
        if may {
            times.push_back(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_who_asks_too_often_waits_and_nobody_else_does() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let pace = Pace::default();
        assert_eq!((0..40).filter(|_| pace.allows("one", now)).count(), MOST);
        assert!(pace.allows("other", now));
        assert!(pace.allows("one", now + Duration::minutes(WINDOW_MINUTES)));
    }
}
