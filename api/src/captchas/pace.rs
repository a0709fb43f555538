//! How many captchas a person may ask for: each costs the drawing of a picture.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use siteward_domain::StaffId;

/// Captchas a person gets within [`WINDOW_MINUTES`].
const MOST: usize = 30;
const WINDOW_MINUTES: i64 = 5;

/// Who asked when, in this process.
#[derive(Clone, Default)]
pub(crate) struct Pace(Arc<Mutex<HashMap<StaffId, VecDeque<DateTime<Utc>>>>>);

impl Pace {
    /// Whether a person may have another captcha now; notes it if so.
    pub(super) fn allows(&self, staff: StaffId, now: DateTime<Utc>) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now - Duration::minutes(WINDOW_MINUTES);
        asked.retain(|_, times| {
            times.retain(|at| *at > since);
            !times.is_empty()
        });
        let times = asked.entry(staff).or_default();
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
        let (pace, one, other) = (Pace::default(), StaffId::generate(now), StaffId::generate(now));
        assert_eq!((0..40).filter(|_| pace.allows(one.clone(), now)).count(), MOST);
        assert!(pace.allows(other, now));
        assert!(pace.allows(one, now + Duration::minutes(WINDOW_MINUTES)));
    }
}
