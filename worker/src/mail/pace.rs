//! How fast mails leave this process: a mail server takes so many and then refuses all for a while, the urgent ones too.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many mails a minute, evenly, after a second's worth at once. Cheap to clone; all clones keep one pace.
#[derive(Debug, Clone, Default)]
pub struct MailPace {
    interval: Duration,
    next: Arc<Mutex<Option<Instant>>>,
}

impl MailPace {
    /// At most so many a minute; 0: as fast as they go.
    pub fn per_minute(most: u32) -> Self {
        let interval = if most == 0 { Duration::ZERO } else { Duration::from_secs(60) / most };
        Self { interval, next: Arc::default() }
    }

    /// Waits for the turn of one mail.
    pub(crate) async fn turn(&self) {
        if let Some(at) = self.take(Instant::now()) {
            tokio::time::sleep_until(at).await;
        }
    }

    /// When a mail that comes at `now` may go; `None`: at once.
    fn take(&self, now: Instant) -> Option<Instant> {
        if self.interval.is_zero() {
            return None;
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // What was not used of the last second is caught up with; more is not saved.
        let earliest = now.checked_sub(Duration::from_secs(1)).unwrap_or(now);
        let turn = next.unwrap_or(earliest).max(earliest);
        *next = Some(turn + self.interval);
        (turn > now).then_some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_seconds_worth_mails_go_evenly_and_a_pause_saves_no_more() {
        let (pace, start) = (MailPace::per_minute(120), Instant::now() + Duration::from_secs(60));
        let waits = |now: Instant| pace.take(now).map_or(0, |at| (at - now).as_millis());
        assert_eq!([waits(start), waits(start), waits(start), waits(start), waits(start)], [0, 0, 0, 500, 1000]);
        let later = start + Duration::from_secs(600);
        assert_eq!([waits(later), waits(later), waits(later), waits(later)], [0, 0, 0, 500]);
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        let (pace, now) = (MailPace::per_minute(0), Instant::now());
        assert!((0..1000).all(|_| pace.take(now).is_none()));
    }
}
