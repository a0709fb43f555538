//! The codes that the page shows: eight digits made at random, a new one every minute, good for a minute more, and once.
//!
//! The platform asks this link whether a code is right. So there is no secret that both keep and no clock that both
//! must share, and a code ends with the link that made it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a code is shown.
const STEP: Duration = Duration::from_secs(60);
/// How long it is good, from when it was first shown.
const GOOD: Duration = Duration::from_secs(120);
/// Wrong codes after which those that are shown end: nobody tries all of them.
const MOST_WRONG: u32 = 10;
/// One more than the highest code.
const CODES: u32 = 100_000_000;

struct Made {
    code: String,
    at: Instant,
}

#[derive(Default)]
struct State {
    current: Option<Made>,
    before: Option<Made>,
    wrong: u32,
}

/// The code that is shown and the one before it.
#[derive(Default)]
pub(crate) struct Codes(Mutex<State>);

impl Codes {
    /// The code to show now: eight digits.
    pub(crate) fn show(&self, now: Instant) -> String {
        let mut state = self.lock();
        let current = match state.current.take() {
            Some(current) if now.duration_since(current.at) < STEP => current,
            old => {
                // One that was taken leaves the one before it as it is.
                if old.is_some() {
                    state.before = old;
                }
                state.wrong = 0;
                Made { code: format!("{:08}", rand::random_range(0..CODES)), at: now }
            }
        };
        let shown = current.code.clone();
        state.current = Some(current);
        shown
    }

    /// Whether a code is good; it is not from then on.
    pub(crate) fn take(&self, code: &str, now: Instant) -> bool {
        let mut state = self.lock();
        let is_it = |made: &Option<Made>| {
            made.as_ref().is_some_and(|made| made.code == code && now.duration_since(made.at) < GOOD)
        };
        if is_it(&state.current) {
            state.current = None;
            return true;
        }
        if is_it(&state.before) {
            state.before = None;
            return true;
        }
        state.wrong += 1;
        if state.wrong >= MOST_WRONG {
            *state = State::default();
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn a_code_is_shown_for_a_minute_good_for_two_and_taken_once() {
        let (codes, start) = (Codes::default(), Instant::now());
        let first = codes.show(start);
        assert!(first.len() == 8 && first.bytes().all(|digit| digit.is_ascii_digit()), "{first:?}");
        assert_eq!(codes.show(start + seconds(59)), first);
        let second = codes.show(start + seconds(60));
        assert_ne!(first, second);
        assert!(codes.take(&first, start + seconds(119)), "the one before is good for a minute more");
        assert!(!codes.take(&first, start + seconds(119)), "once");
        assert!(codes.take(&second, start + seconds(179)));
        assert!(!codes.take(&second, start + seconds(179)));

        let third = codes.show(start + seconds(300));
        assert!(!codes.take(&third, start + seconds(420)), "too late");
        assert!(!Codes::default().take(&third, start), "nothing was shown");
    }

    #[test]
    fn after_a_code_was_taken_another_is_shown_at_once() {
        let (codes, start) = (Codes::default(), Instant::now());
        let first = codes.show(start);
        assert!(codes.take(&first, start));
        assert_ne!(codes.show(start), first);
    }

    #[test]
    fn whoever_guesses_ends_the_code_that_they_guess_at() {
        let (codes, start) = (Codes::default(), Instant::now());
        let shown = codes.show(start);
        let wrong = if shown == "00000000" { "00000001" } else { "00000000" };
        assert!((0..10).all(|_| !codes.take(wrong, start)));
        assert!(!codes.take(&shown, start));
    }
}
