//! How fast one device may tell: repeats of an event that lasts are one, and of the rest a bounded number a second is kept.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use siteward_domain::device_event::{DeviceSignal, EventState};

/// Events that may come at once.
const AT_ONCE: f64 = 20.0;
/// Events a second in the long run.
const A_SECOND: f64 = 2.0;
/// The same thing told again so soon is not passed on: devices tell an event that lasts once a second.
const REPEATED_WITHIN: Duration = Duration::from_secs(5);
/// Different events of one device that are remembered.
const MOST_REMEMBERED: usize = 256;

/// What is to be done with something that a device told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is passed on.
    PassOn,
    /// It was told a moment ago.
    Repeat,
    /// It came too fast, and is dropped.
    Drop,
}

/// The pace of one device.
#[derive(Debug)]
pub struct Pace {
    left: f64,
    counted: Instant,
    /// What was last passed on of an event, and when.
    last: HashMap<(String, Option<u32>), (EventState, Instant)>,
}

impl Pace {
    /// A device that told nothing yet.
    pub fn new(now: Instant) -> Self {
        Self { left: AT_ONCE, counted: now, last: HashMap::new() }
    }

    /// Judges one thing that it told.
    pub fn judge(&mut self, signal: &DeviceSignal, now: Instant) -> Verdict {
        let key = (signal.word.clone(), signal.channel);
        let is_repeat = self
            .last
            .get(&key)
            .is_some_and(|(state, at)| *state == signal.state && now.saturating_duration_since(*at) < REPEATED_WITHIN);
        if is_repeat {
            return Verdict::Repeat;
        }
        self.left = self.left_at(now);
        self.counted = now;
        if self.left < 1.0 {
            return Verdict::Drop;
        }
        self.left -= 1.0;
        if self.last.len() >= MOST_REMEMBERED {
            self.last.retain(|_, (_, at)| now.saturating_duration_since(*at) < REPEATED_WITHIN);
        }
        if self.last.len() < MOST_REMEMBERED {
            self.last.insert(key, (signal.state, now));
        }
        Verdict::PassOn
    }

    /// Whether it has told nothing for so long that nothing need be remembered of it.
    pub fn is_idle(&self, now: Instant) -> bool {
        self.left_at(now) >= AT_ONCE
    }

    fn left_at(&self, now: Instant) -> f64 {
        (self.left + now.saturating_duration_since(self.counted).as_secs_f64() * A_SECOND).min(AT_ONCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(word: &str, channel: u32, state: EventState) -> DeviceSignal {
        DeviceSignal::read(word, state, Some(channel)).unwrap()
    }

    #[test]
    fn an_event_that_is_told_every_second_is_passed_on_now_and_then() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let motion = signal("VMD", 1, EventState::Active);
        let told = (0..60).map(|second| pace.judge(&motion, start + Duration::from_secs(second)));
        let passed = told.filter(|verdict| *verdict == Verdict::PassOn).count();
        assert_eq!(passed, 12);
        let over = signal("VMD", 1, EventState::Inactive);
        assert_eq!(pace.judge(&over, start + Duration::from_secs(60)), Verdict::PassOn);
        assert_eq!(pace.judge(&over, start + Duration::from_secs(61)), Verdict::Repeat);
    }

    #[test]
    fn a_flood_is_dropped_but_for_a_bounded_number() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let mut passed = 0;
        for number in 0..100_000_u32 {
            let now = start + Duration::from_millis(u64::from(number) / 10);
            let told = signal("VMD", number % 60_000, EventState::Active);
            passed += u32::from(pace.judge(&told, now) == Verdict::PassOn);
        }
        assert!((38..=41).contains(&passed), "{passed}: 20 at once, and 2 a second for ten seconds");
        assert!(!pace.is_idle(start + Duration::from_secs(10)) && pace.is_idle(start + Duration::from_secs(30)));
    }
}
