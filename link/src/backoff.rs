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
    /// A connection lasted: the next trouble is a new one.
    pub(crate) fn reset(&mut self) {
        self.failed = 0;
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
    fn waits_double_up_to_a_minute_and_start_again_after_a_good_connection() {
        let mut backoff = Backoff::default();
        let seconds: Vec<u64> = (0..9).map(|_| backoff.next(1.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        backoff.reset();
        assert_eq!(backoff.next(0.0), Duration::from_millis(500));
        assert_eq!(Backoff::refused(0.0), Duration::from_secs(150));
    }
}
