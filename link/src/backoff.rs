//! How long to wait before the next try: longer each time, and never all links at once.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(60);
/// A token that was refused: it is hardly taken again, but somebody may have restored a backup.
const REFUSED: Duration = Duration::from_secs(300);

/// Counts the tries that failed in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failed: u32,
}

impl Backoff {
    /// A session ended after so long. The next wait is at most four times that, so that a server which is restarted a few
    /// times in a row gets its links back soon; and it may be longer than that, so that two boxes with one token, which end
    /// each other's sessions, do so more and more seldom.
    pub(crate) fn lasted(&mut self, session: Duration) {
        let doublings = session.as_secs().max(1).ilog2();
        self.failed = self.failed.min(doublings + 2);
    }

    /// Time to wait now. `random` is between 0 and 1.
    pub(crate) fn next(&mut self, random: f64) -> Duration {
        let most = FIRST.saturating_mul(1 << self.failed.min(6)).min(MOST);
        self.failed = self.failed.saturating_add(1);
        jittered(most, random)
    }

    /// Time to wait after the token was refused.
    pub(crate) fn refused(random: f64) -> Duration {
        jittered(REFUSED, random)
    }
}

/// Between half of it and all of it.
fn jittered(most: Duration, random: f64) -> Duration {
    most.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_are_shorter_after_a_session() {
        let mut backoff = Backoff::default();
        let seconds: Vec<u64> = (0..9).map(|_| backoff.next(1.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        backoff.lasted(Duration::from_millis(300));
        assert_eq!(backoff.next(0.0), Duration::from_secs(2));
        assert_eq!(Backoff::refused(0.0), Duration::from_secs(150));
    }

    #[test]
    fn how_long_is_waited_after_a_session_follows_from_its_length() {
        let mut backoff = Backoff::default();
        for (seconds, most) in [(0, 4), (1, 4), (2, 8), (3, 8), (8, 32), (30, 60), (86_400, 60)] {
            for _ in 0..20 {
                backoff.next(1.0);
            }
            backoff.lasted(Duration::from_secs(seconds));
            assert_eq!(backoff.next(1.0).as_secs(), most, "after {seconds} s");
        }
        // Nobody waits longer because of a session.
        let mut fresh = Backoff::default();
        fresh.lasted(Duration::from_secs(86_400));
        assert_eq!(fresh.next(1.0).as_secs(), 1);
    }

    #[test]
    fn two_boxes_with_one_token_disturb_each_other_less_and_less() {
        let (mut both, mut session) = ([Backoff::default(), Backoff::default()], Duration::from_secs(1));
        for turn in 0..20 {
            // The one that was thrown out comes back after its wait and throws the other out.
            let thrown_out = &mut both[turn % 2];
            thrown_out.lasted(session);
            session = thrown_out.next(0.0);
        }
        assert!(session >= Duration::from_secs(30), "{session:?}");
    }
}
